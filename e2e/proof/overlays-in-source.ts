import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));
const PAGES = ["renderer", "web-app"];

/** What opens something over a page; `aria-controls` is what opens beside its button. */
const OPENS =
  /<(KeysSheet|Dialog|ConfirmDialog|PopoverDialog|MenuButton|ContextMenu|Select|NativeSelect|FileTrigger)\b|\b(aria-controls)=/g;
/** Only the design system may make something new that opens; everybody else takes what they have. */
const MAKES =
  /\b(Popover|Modal|ModalOverlay|MenuTrigger|DialogTrigger|ComboBox)\b[^"]*"react-aria-components"|<dialog\b|showModal\(|window\.(alert|confirm|prompt)\(/;

interface OverlaysInSource {
  /** File and component, with a number where a file opens several of a kind. */
  readonly openers: readonly string[];
  /** Files of the pages that make something of their own. */
  readonly strays: readonly string[];
}

/** Every place of both pages that opens something over the page. */
export async function overlaysInSource(): Promise<OverlaysInSource> {
  const openers: string[] = [];
  const strays: string[] = [];
  for (const page of PAGES) {
    for await (const path of glob(`${page}/**/*.tsx`, { cwd: rootFolder })) {
      const text = await readFile(join(rootFolder, path), "utf8");
      if (MAKES.test(text)) strays.push(path);
      const kinds = [...text.matchAll(OPENS)].map(([, component, attribute]) => component ?? attribute!);
      openers.push(...kinds.map((kind, at) => `${path} ${numbered(kind, kinds, at)}`));
    }
  }
  return { openers: openers.toSorted(), strays };
}

function numbered(kind: string, kinds: readonly string[], at: number): string {
  const isOnlyOne = kinds.filter((other) => other === kind).length === 1;
  return isOnlyOne ? kind : `${kind} ${kinds.slice(0, at + 1).filter((other) => other === kind).length}`;
}

/** What an administrator sets in `settings.json` of the service's folder, or with an argument, which goes first. */
import { z } from "zod";
import { parseSettings, settingsText } from "./settings-file.ts";
import { StartRefusal } from "./start-refusal.ts";

/** Another name in it is a word misspelled, which would otherwise be overlooked. */
const fileSettingsSchema = z.strictObject({
  publicUrl: z.string().optional(),
  otherUrls: z.array(z.string()).optional(),
});

export interface FileSettings {
  /** How others reach the service, without a slash at the end; undefined where it listens. */
  readonly publicUrl: string | undefined;
  /** More addresses of the same service, which connection files name behind the first. */
  readonly otherUrls: readonly string[];
}

/**
 * @param file need not be there
 * @param givenUrl of the argument
 * @throws StartRefusal SETTINGS_WRONG, PUBLIC_URL
 */
export async function readFileSettings(file: string, givenUrl: string | undefined): Promise<FileSettings> {
  const set = await readSettings(file);
  const otherUrls = (set.otherUrls ?? []).map((url) => checkedUrl(`otherUrls in ${file}`, url));
  if (givenUrl !== undefined) return { publicUrl: checkedUrl("--public-url", givenUrl), otherUrls };
  if (set.publicUrl === undefined) return { publicUrl: undefined, otherUrls };
  return { publicUrl: checkedUrl(`publicUrl in ${file}`, set.publicUrl), otherUrls };
}

async function readSettings(file: string): Promise<z.infer<typeof fileSettingsSchema>> {
  const parsed = parseSettings(fileSettingsSchema, (await settingsText(file)) ?? "{}");
  if ("settings" in parsed) return parsed.settings;
  throw new StartRefusal("SETTINGS_WRONG", `${file}: ${parsed.misfit}.`);
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Passwords are sent to it, and every other address is made from it. */
function checkedUrl(where: string, given: string): string {
  const url = URL.parse(given);
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  // The web application asks below the root of its host.
  if (url !== null && isSafe && `${url.origin}/` === url.href) return url.origin;
  const wanted = "it has to be an address of a host alone that begins with https://";
  throw new StartRefusal("PUBLIC_URL", `${where} has ${given}: ${wanted}.`);
}

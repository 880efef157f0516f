import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { commandsIn, fencedBlocks, type FencedBlock } from "./fenced-blocks.ts";

/** README and the guides, as paths below the repository's root. */
export async function documentNames(): Promise<string[]> {
  const guides = await readdir(join(rootFolder, "docs", "guides"));
  return ["README.md", ...guides.map((name) => `docs/guides/${name}`)];
}

export async function blocksOf(document: string): Promise<FencedBlock[]> {
  return fencedBlocks(await readFile(join(rootFolder, document), "utf8"));
}

/** Guides that a test of their own does as a whole: each of their blocks of this language, and who does them. */
export const DONE_AS_A_WHOLE: Readonly<
  Record<string, { readonly kinds: readonly string[]; readonly by: string }>
> = {
  "docs/guides/first-hour.md": {
    kinds: ["sh", "sh console", "sh archive", "sh evidence-service"],
    by: "e2e/whole-system/first-hour.spec.ts",
  },
  "docs/guides/postgresql.md": {
    kinds: ["sh example", "sh database", "sh service", "sh start", "sh backup", "sh restore"],
    by: "proofs/guides/postgresql-guide.test.ts",
  },
  "docs/guides/backup.md": {
    kinds: ["sh example", "sh keys", "sh backup", "sh bucket", "sh bucket back", "sh restore"],
    by: "proofs/guides/backup-guide.test.ts",
  },
  "docs/guides/moving.md": {
    kinds: [
      ...["sh example", "sh place", "sh pass", "sh move", "sh start", "sh back-out", "sh compare"],
      "sh remove",
    ],
    by: "proofs/guides/moving-guide.test.ts",
  },
  "docs/guides/many-machines.md": {
    kinds: ["sh machine", "sh setup", "sh restored"],
    by: "proofs/deploy/deploy.test.ts",
  },
  "docs/guides/verify.md": { kinds: ["sh"], by: "proofs/guides/verify-guide.test.ts" },
  "docs/guides/verify-audit.md": {
    kinds: ["sh"],
    by: "evidence-service/history/verify-audit-guide.test.ts",
  },
  "docs/guides/decrypt.md": { kinds: ["sh", "sh administrator"], by: "proofs/guides/decrypt-guide.test.ts" },
};

/** Blocks that are no commands, and commands that are not run here: each with its reason. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  "npm test": "It is what runs this.",
  "npm run package": "It wants Electron's download; `npm run proofs -- package` does it without.",
  "npm run package -- folder": "As the line above it.",
  "EXPECTED_KEY_ID=the 64 hexadecimal digits":
    "The id of the key is the reader's: the test of this guide gives it as a variable.",
  "EXPECTED_KEY_SHA256=the 64 hexadecimal digits": "As the one above it.",
};

/** Languages whose blocks are no commands, and who tries them. */
export const NO_COMMANDS: Readonly<Record<string, string>> = {
  nginx: "proofs/private-authority/nginx-front.ts",
  ini: "proofs/guides/backup-guide.test.ts",
  text: "proofs/guides/postgresql-guide.test.ts",
};

export interface DocumentedCommand {
  readonly command: string;
  /** `README.md:17` */
  readonly place: string;
}

/** The commands of the documents that nobody does as a whole. */
export async function commandsOneByOne(): Promise<DocumentedCommand[]> {
  const found = [];
  for (const document of await documentNames()) {
    const kinds = DONE_AS_A_WHOLE[document]?.kinds ?? [];
    for (const block of await blocksOf(document)) {
      if (block.language in NO_COMMANDS || kinds.includes(kindOf(block))) continue;
      for (const command of commandsIn(block)) found.push({ command, place: `${document}:${block.line}` });
    }
  }
  return found;
}

export const kindOf = ({ language, words }: FencedBlock): string => `${language} ${words}`.trim();

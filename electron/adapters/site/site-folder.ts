import { FOR_OTHERS_TOO, writeWholeNow } from "#runtime/files/whole-file.ts";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { z } from "zod";
import { usingSiteFile } from "./site-file.ts";

/** In the root of every site folder; a folder without it is never removed by a reset. */
export const SITE_MARKER_FILE = "evidence-desk-site.json";
const SITE_VERSION = 1;

const siteFactsSchema = z.object({
  version: z.literal(SITE_VERSION),
  name: z.string().min(1),
  /** IANA name. */
  timeZone: z.string().min(1),
  demo: z.boolean(),
});
export type SiteFacts = z.infer<typeof siteFactsSchema>;

/** Where everything of one site lies. */
export interface SiteFolder {
  readonly root: string;
  /** As they are now. */
  readonly facts: SiteFacts;
  /** Writes another zone into the site's marker file. @param timeZone an IANA name that this system knows */
  changeTimeZone(timeZone: string): void;
  readonly console: string;
  readonly archive: string;
  readonly evidenceService: string;
}

/**
 * Opens a site folder, making an empty one where there is none.
 * @throws SiteFileUnusable when the marker file is of another version or damaged: nothing is touched then
 */
export function openSiteFolder(root: string): SiteFolder {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const folder = {
    root,
    console: join(root, "console"),
    archive: join(root, "archive"),
    evidenceService: join(root, "evidence-service"),
  };
  for (const path of [folder.console, folder.archive, folder.evidenceService]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
  let facts = readFacts(root);
  return {
    ...folder,
    get facts() {
      return facts;
    },
    changeTimeZone(timeZone) {
      writeSiteFacts(root, { ...facts, timeZone });
      facts = { ...facts, timeZone };
    },
  };
}

export function writeSiteFacts(root: string, facts: Omit<SiteFacts, "version">): void {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const text = JSON.stringify({ ...facts, version: SITE_VERSION }, null, 2);
  writeWholeNow(join(root, SITE_MARKER_FILE), `${text}\n`, FOR_OTHERS_TOO);
}

function readFacts(root: string): SiteFacts {
  const path = join(root, SITE_MARKER_FILE);
  return usingSiteFile(path, () => factsIn(root, path));
}

function factsIn(root: string, path: string): SiteFacts {
  const text = readIfThere(path);
  if (text === null) {
    const facts = {
      name: "New site",
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      demo: false,
    };
    writeSiteFacts(root, facts);
    return { version: SITE_VERSION, ...facts };
  }
  return siteFactsSchema.parse(JSON.parse(text));
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (saysMissing(error)) return null;
    throw error;
  }
}

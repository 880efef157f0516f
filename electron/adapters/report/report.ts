import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { strToU8, zipSync } from "fflate";
import { partOf } from "#runtime/files/part-file.ts";
import { writeWholeNow } from "#runtime/files/whole-file.ts";
import type { ReportFile } from "#shared/ipc-contract/report-contract.ts";

/** Of a long file its end is shown, where the latest lines are; the zip has all of it. */
const SHOWN_BYTES = 64_000;

export interface ReportParts {
  /** Facts by the name of the file that holds them, as JSON. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly logFolder: string;
}

/** A report that has been put together and not saved: what was shown is what is saved. */
export class PreparedReport {
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor({ facts, logFolder }: ReportParts) {
    const documents = Object.entries(facts).map(
      ([name, fact]) => [name, strToU8(`${JSON.stringify(fact, null, 2)}\n`)] as const,
    );
    this.#files = new Map([...documents, ...logsIn(logFolder)]);
  }

  /** What is in it, as people read it. */
  get files(): ReportFile[] {
    return [...this.#files].map(([name, bytes]) => {
      const shown = bytes.subarray(Math.max(0, bytes.length - SHOWN_BYTES));
      const text = new TextDecoder().decode(shown);
      const isCut = shown.length < bytes.length;
      // The first line of what is shown may have lost its beginning.
      return {
        name,
        sizeBytes: bytes.length,
        text: isCut ? text.slice(text.indexOf("\n") + 1) : text,
        isCut,
      };
    });
  }

  /**
   * Writes one zip that only this user can read.
   * @param folder made where it is not there
   * @param stamp part of the file's name
   * @returns its path
   */
  save(folder: string, stamp: string): string {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `evidence-desk-report-${stamp}.zip`);
    try {
      writeWholeNow(path, zipSync(Object.fromEntries(this.#files)));
    } catch (error) {
      // A full disk would be fuller for what has come of it.
      rmSync(partOf(path), { force: true });
      throw error;
    }
    return path;
  }
}

function logsIn(folder: string): (readonly [string, Uint8Array])[] {
  const names = readIfThere(() => readdirSync(folder)) ?? [];
  return names
    .filter((name) => name.endsWith(".log"))
    .toSorted()
    .flatMap((name) => {
      // A file may be removed by the rotation between listing and reading.
      const bytes = readIfThere(() => logOf(join(folder, name)));
      return bytes === null ? [] : [[`logs/${name}`, new Uint8Array(bytes)] as const];
    });
}

/** One that cannot be read says why in its place: reports are asked for when something is amiss. */
function logOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    if (saysMissing(error)) throw error;
    return strToU8(
      `This file cannot be read: ${error instanceof Error ? error.message : "no reason is known"}\n`,
    );
  }
}

function readIfThere<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (saysMissing(error)) return null;
    throw error;
  }
}

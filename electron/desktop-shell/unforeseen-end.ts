import { writeWholeNow } from "#runtime/files/whole-file.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Two ends within this time: whatever is wrong is there again at once, and starting anew would go on for ever. */
const AGAIN_MS = 5 * 60_000;

const notedSchema = z.object({ atUtcMs: z.number(), isTold: z.boolean() });
type Noted = z.infer<typeof notedSchema>;

/**
 * Remembers beside the journal that the console ended by an error, for the operator at the next start and for whether
 * there is to be one.
 */
export class UnforeseenEnd {
  readonly #path: string;

  constructor(consoleFolder: string) {
    this.#path = join(consoleFolder, "unforeseen-end.json");
  }

  /** @returns whether it happened just before already; so it may where it cannot be noted, as on a full disk */
  note(nowUtcMs: number): boolean {
    const before = this.#read();
    try {
      this.#write({ atUtcMs: nowUtcMs, isTold: false });
    } catch (error) {
      console.error("That the console ends by an error cannot be noted.", error);
      return true;
    }
    return before !== null && Math.abs(nowUtcMs - before.atUtcMs) < AGAIN_MS;
  }

  /** When the run before ended by an error, once; null when it did not. On a full disk it is told again. */
  take(): number | null {
    const before = this.#read();
    if (before === null || before.isTold) return null;
    try {
      this.#write({ ...before, isTold: true });
    } catch (error) {
      console.error("That the console has ended by an error will be told once more.", error);
    }
    return before.atUtcMs;
  }

  #read(): Noted | null {
    try {
      return notedSchema.parse(JSON.parse(readFileSync(this.#path, "utf8")));
    } catch {
      // None, or half written by a machine that lost power: then nothing is told.
      return null;
    }
  }

  #write(content: Noted): void {
    writeWholeNow(this.#path, JSON.stringify(content));
  }
}

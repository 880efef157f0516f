import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { writeWholeNow } from "#runtime/files/whole-file.ts";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { type Operator, PRIVILEGES } from "#shared/domain/operator.ts";
import { usingSiteFile } from "./site-file.ts";

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** After so many wrong passwords in a row for one name, the next try must wait. */
const FREE_ATTEMPTS = 5;
const LOCKOUT_MS = 30_000;

const operatorSchema = z.object({
  username: z.string().min(1),
  displayName: z.string().min(1),
  privileges: z.array(z.enum(PRIVILEGES)),
  salt: z.base64(),
  hash: z.base64(),
});

const operatorsFileSchema = z.object({
  operators: z.array(operatorSchema),
  /** Shown on the log-on dialog; only a demo site has any. */
  demoOperators: z.array(z.object({ username: z.string(), password: z.string(), note: z.string() })),
});
type OperatorsFile = z.infer<typeof operatorsFileSchema>;

export interface NewOperator extends Operator {
  readonly password: string;
  /** Set on a demo site: the password is shown on the log-on dialog with this note. */
  readonly demoNote?: string;
}

function operatorsPath(consoleFolder: string): string {
  return join(consoleFolder, "operators.json");
}

/** Writes the list of a new site; passwords are kept as scrypt hashes only. */
export async function writeOperatorList(
  consoleFolder: string,
  operators: readonly NewOperator[],
): Promise<void> {
  const rows = await Promise.all(operators.map(hashed));
  const demoOperators = operators.flatMap(({ username, password, demoNote }) =>
    demoNote === undefined ? [] : [{ username, password, note: demoNote }],
  );
  const file: OperatorsFile = { operators: rows, demoOperators };
  writeWholeNow(operatorsPath(consoleFolder), JSON.stringify(file, null, 2));
}

/**
 * A site without operators gets an administrator whose random password lies in a file that only this
 * user can read.
 * @returns the path of that file, or null when the site has operators already
 */
export async function ensureFirstOperator(consoleFolder: string): Promise<string | null> {
  if (existsSync(operatorsPath(consoleFolder))) return null;
  const password = randomBytes(12).toString("base64url");
  await writeOperatorList(consoleFolder, [
    { username: "administrator", displayName: "Administrator", privileges: [...PRIVILEGES], password },
  ]);
  const path = join(consoleFolder, "first-password.txt");
  writeFileSync(path, `administrator\n${password}\n`, { mode: 0o600 });
  return path;
}

/** Who may log on to this console, and with what privileges. */
export class OperatorList {
  readonly #file: OperatorsFile;
  readonly #attempts = new Map<string, { failures: number; lastMs: number }>();
  readonly #now: () => number;

  /** @throws SiteFileUnusable */
  constructor(consoleFolder: string, now: () => number = () => performance.now()) {
    const path = operatorsPath(consoleFolder);
    this.#file = usingSiteFile(path, () => operatorsFileSchema.parse(JSON.parse(readFileSync(path, "utf8"))));
    this.#now = now;
  }

  get demoOperators(): OperatorsFile["demoOperators"] {
    return this.#file.demoOperators;
  }

  /** @returns WRONG_CREDENTIALS or TOO_MANY_ATTEMPTS; which of name and password was wrong is not told */
  async logOn(username: string, password: string): Promise<Outcome<Operator>> {
    const attempts = this.#attempts.get(username) ?? { failures: 0, lastMs: 0 };
    if (attempts.failures >= FREE_ATTEMPTS && this.#now() - attempts.lastMs < LOCKOUT_MS) {
      return failed("TOO_MANY_ATTEMPTS", "Too many wrong passwords were given for this name.");
    }
    // Counted before the password is looked at: tries at the same time must not all be free.
    this.#attempts.set(username, { failures: attempts.failures + 1, lastMs: this.#now() });
    const row = this.#file.operators.find((operator) => operator.username === username);
    const salt = row === undefined ? randomBytes(SALT_BYTES) : Buffer.from(row.salt, "base64");
    const hash = await derive(password, salt, HASH_BYTES);
    if (row === undefined || !timingSafeEqual(hash, Buffer.from(row.hash, "base64"))) {
      return failed("WRONG_CREDENTIALS", "The user name or the password is wrong.");
    }
    this.#attempts.delete(username);
    const { displayName, privileges } = row;
    return succeeded({ username, displayName, privileges });
  }
}

async function hashed(operator: NewOperator): Promise<OperatorsFile["operators"][number]> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(operator.password, salt, HASH_BYTES);
  const { username, displayName, privileges } = operator;
  return {
    username,
    displayName,
    privileges: [...privileges],
    salt: salt.toString("base64"),
    hash: hash.toString("base64"),
  };
}

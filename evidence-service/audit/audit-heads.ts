/**
 * Signed heads of the audit trail: how long the chain was at an instant, and the hash it ended with. A chain whose
 * tail was cut, that was emptied, or that was computed anew does not contain them any more.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { syncFolder } from "#runtime/files/sync-folder.ts";
import { saysMissing } from "#runtime/files/missing-file.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { trailMarkOf } from "../storage/trail-mark.ts";
import { onStableStorage } from "../storage/sqlite-metadata.ts";
import type { KeyRing, RingKey } from "../site/key-ring.ts";
import { sortedJson } from "./audit-chain.ts";

const statementSchema = z.strictObject({
  atUtc: z.iso.datetime(),
  /** How many entries the chain had. */
  seq: z.int().min(1),
  /** Lower-case hex of the last entry's hash. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Lower-case hex of the SHA-256 of the head before (its line, without the line break); null for the first. */
  before: z.string().nullable(),
  /** Of the key that signed it. */
  keyId: z.string(),
});
const headSchema = statementSchema.extend({ signature: z.base64() });
export type AuditHead = z.infer<typeof headSchema>;

export interface AuditHeadParts {
  readonly db: Metadata;
  readonly file: string;
  readonly keys: KeyRing;
  readonly now: () => number;
}

/** Signs what the chain has come to, once, and appends it to the file durably. */
export class AuditHeads {
  readonly #db: Metadata;
  readonly #file: string;
  readonly #keys: KeyRing;
  readonly #now: () => number;
  #latest: Promise<unknown> = Promise.resolve();

  constructor({ db, file, keys, now }: AuditHeadParts) {
    this.#db = db;
    this.#file = file;
    this.#keys = keys;
    this.#now = now;
  }

  /**
   * @returns the new head; null when no entry came since the latest one
   * @throws MetadataWentBack
   * @throws what the file system says
   */
  signNow(): Promise<AuditHead | null> {
    const next = this.#latest.then(() => this.#append());
    this.#latest = next.catch(() => undefined); // Whoever asked is told; the next one is signed all the same.
    return next;
  }

  async #append(): Promise<AuditHead | null> {
    // A head of what comes after a gap would say that there is none.
    trailMarkOf(this.#db)?.insist();
    const last = await this.#db
      .selectFrom("audit")
      .select(["seq", "hash"])
      .orderBy("seq", "desc")
      .limit(1)
      .executeTakeFirst();
    if (last === undefined) return null;
    // A head of an entry that a power cut takes away would say that somebody cut the trail.
    await onStableStorage(this.#db);
    const text = await headsText(this.#file);
    const lines = wholeLines(text);
    const before = lines.at(-1);
    const headBefore = before === undefined ? null : parseHead(before);
    if (headBefore?.hash === last.hash) return null;
    const { keyId, secret } = this.#signingKey(headBefore?.keyId);
    const statement = {
      atUtc: new Date(this.#now()).toISOString(),
      seq: last.seq,
      hash: last.hash,
      before: before === undefined ? null : lineHash(before),
      keyId,
    };
    const signature = sign(null, Buffer.from(sortedJson(statement)), secret).toString("base64");
    const head = { ...statement, signature };
    const keptBytes = Buffer.byteLength(text.slice(0, text.lastIndexOf("\n") + 1));
    await appendDurably(this.#file, keptBytes, `${sortedJson(head)}\n`);
    return head;
  }

  /** Never an older one than signed the head before: whoever has got hold of that one could sign as well. */
  #signingKey(keyIdBefore: string | undefined): RingKey {
    const keys = this.#keys.all("audit");
    const current = this.#keys.current("audit");
    const at = Math.max(
      keys.indexOf(current),
      keys.findIndex(({ keyId }) => keyId === keyIdBefore),
    );
    return keys[at] ?? current;
  }
}

/**
 * Appends a line durably; what a power cut left unfinished behind the whole lines goes.
 * @param atByte where the whole lines end; 0 for a file that is not there yet
 */
async function appendDurably(file: string, atByte: number, line: string): Promise<void> {
  const handle = await open(file, "a", 0o600);
  try {
    await handle.truncate(atByte);
    await handle.write(line);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (atByte === 0) await syncFolder(dirname(file));
}

async function headsText(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (saysMissing(error)) return "";
    throw error;
  });
}

/** @returns SHA-256 of the latest head's line; null where none was signed */
export async function lastHeadLine(file: string): Promise<string | null> {
  const last = wholeLines(await headsText(file)).at(-1);
  return last === undefined ? null : lineHash(last);
}

/** @returns the latest head; null where there is none, or nobody can read it */
export async function lastHead(file: string): Promise<AuditHead | null> {
  const last = wholeLines(await headsText(file)).at(-1);
  return last === undefined ? null : parseHead(last);
}

function wholeLines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}

function lineHash(line: string): string {
  return createHash("sha256").update(line).digest("hex");
}

function parseHead(line: string): AuditHead | null {
  try {
    return headSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A head that holds by itself: what the trail says of it is another question. */
export interface ReadHead extends AuditHead {
  /** Its place in the file, from 1. */
  readonly number: number;
  /** SHA-256 of its line. */
  readonly line: string;
}

/**
 * Reads the heads and checks what they can say of each other: signature, and that none is missing between.
 * @param publicJwks the service's keys, oldest first, from where the administrator keeps them
 * @returns the heads that hold, oldest first, and sentences about those that do not
 */
export async function readHeads(
  file: string,
  publicJwks: readonly Record<string, unknown>[],
): Promise<{ heads: ReadHead[]; faults: string[] }> {
  const keys = publicJwks.map((jwk) => ({
    keyId: String(jwk["kid"]),
    key: createPublicKey({ key: jwk, format: "jwk" }),
  }));
  const heads: ReadHead[] = [];
  const faults: string[] = [];
  let signedBy = 0;
  let before: string | null = null;
  for (const [index, text] of wholeLines(await headsText(file)).entries()) {
    const head = parseHead(text);
    const line = lineHash(text);
    const number = index + 1;
    const signer = head === null ? -1 : signerOf(head, keys);
    if (head === null) faults.push(`The signed head ${number} cannot be read.`);
    else if (signer === -1) faults.push(`The signed head ${number} is not signed with this service's key.`);
    else if (signer < signedBy)
      faults.push(`The signed head ${number} is signed with a key that another one had replaced before.`);
    else if (head.before !== before)
      faults.push(`The signed head ${number} does not follow the one before it.`);
    else {
      heads.push({ ...head, number, line });
      signedBy = signer;
    }
    before = line;
  }
  return { heads, faults };
}

interface HeadKey {
  readonly keyId: string;
  readonly key: KeyObject;
}

/** @returns which of the keys has signed it; -1 for none */
function signerOf({ signature, ...statement }: AuditHead, keys: readonly HeadKey[]): number {
  const bytes = Buffer.from(sortedJson(statement));
  return keys.findIndex(
    ({ keyId, key }) =>
      keyId === statement.keyId && verify(null, bytes, key, Buffer.from(signature, "base64")),
  );
}

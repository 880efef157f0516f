/**
 * The audit trail as JSON that is signed by the key that signs the trail's heads, in canonical form. What is signed is the
 * SHA-256 of the signed part, in hexadecimal digits: a trail may be longer than what fits into memory.
 * docs/guides/verify-audit.md checks it with openssl.
 */
import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import type { AuditFilter } from "#shared/web-api/audit-api.ts";
import { sortedJson } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { FoundPage } from "./find-entries.ts";
import type { History } from "./histories.ts";
import { shownEntry } from "./shown-entry.ts";

interface Exported {
  readonly history: History;
  readonly filter: AuditFilter;
  readonly by: string;
  readonly pages: AsyncIterable<FoundPage>;
}

/** Of SubjectPublicKeyInfo, before the 32 bytes of an Ed25519 key (RFC 8410). */
const KEY_PREFIX_BYTES = 12;

export async function* signedExport(
  { keys, now }: ServiceContext,
  { history, filter, by, pages }: Exported,
): AsyncGenerator<string> {
  const hash = createHash("sha256");
  const signed = (text: string): string => {
    hash.update(text);
    return text;
  };
  // In the order of the names, as canonical JSON has them.
  const { kind, id } = history;
  const of = sortedJson({ kind, id });
  yield '{"audit":';
  yield signed(`{"by":${sortedJson(by)},"entries":[`);
  let count = 0;
  for await (const { entries, names } of pages) {
    const texts = entries.map((entry) => {
      const { words: _, ...shown } = shownEntry(entry, names);
      return sortedJson({ ...shown, hash: entry.hash });
    });
    if (texts.length > 0) yield signed((count > 0 ? "," : "") + texts.join(","));
    count += texts.length;
  }
  const { keyId, secret } = keys.current("audit");
  yield signed(
    `],"entryCount":${count},"exportedUtc":"${isoInstant(now())}","filter":${sortedJson(filter)},"of":${of},"tenant":${sortedJson(keys.tenantId)}}`,
  );
  const digest = hash.digest("hex");
  const value = sign(null, Buffer.from(digest), secret).toString("base64");
  const publicKey = rawPublicKey(secret).toString("base64");
  yield `,"signature":${sortedJson({ algorithm: "Ed25519", digest: "SHA-256", keyId, publicKey, value })}}`;
}

function rawPublicKey(secret: KeyObject): Buffer {
  return createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(KEY_PREFIX_BYTES);
}

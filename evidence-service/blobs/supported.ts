/**
 * What of Azure's protocol is done here. What is not is refused before anything is done: a client that asked for a copy,
 * a snapshot or a tier must not believe that it has one.
 */
import type { IncomingHttpHeaders } from "node:http";
import { BlobError } from "./blob-error.ts";

const HEADERS: ReadonlySet<string> = new Set([
  ...["x-ms-version", "x-ms-date", "x-ms-client-request-id", "x-ms-return-client-request-id"],
  ...["x-ms-blob-type", "x-ms-blob-content-type", "x-ms-blob-content-md5", "x-ms-range"],
]);
export const METADATA_PREFIX = "x-ms-meta-";

const QUERY: ReadonlySet<string> = new Set([
  ...["comp", "blockid", "blocklisttype", "timeout"],
  // The fields of the signature.
  ...["sv", "sr", "sp", "st", "se", "si", "sip", "spr", "sig", "ses", "rscc", "rscd", "rsce", "rscl", "rsct"],
]);

/** Azure's limit of all names and values of a blob together. */
const METADATA_MAX_BYTES = 8 << 10;
/** "Metadata names must adhere to the naming rules for C# identifiers"; of ASCII, as they travel as headers. */
const METADATA_NAME = /^[a-z_][a-z0-9_]*$/i;

export const isMetadataName = (name: string): boolean => METADATA_NAME.test(name);

/** @throws BlobError 400 UnsupportedHeader, UnsupportedQueryParameter, 412 LeaseNotPresentWithBlobOperation */
export function refuseUnsupported(headers: IncomingHttpHeaders, query: ReadonlyMap<string, string>): void {
  if (headers["x-ms-lease-id"] !== undefined) {
    throw new BlobError("LeaseNotPresentWithBlobOperation", "There is no lease of this blob.");
  }
  for (const name of Object.keys(headers)) {
    if (!name.startsWith("x-ms-") || HEADERS.has(name) || name.startsWith(METADATA_PREFIX)) continue;
    throw new BlobError("UnsupportedHeader", `The header ${name} is not supported.`);
  }
  if (headers["content-encoding"] !== undefined) {
    throw new BlobError("UnsupportedHeader", "A body is stored as it comes: no Content-Encoding.");
  }
  for (const name of query.keys()) {
    if (QUERY.has(name)) continue;
    throw new BlobError("UnsupportedQueryParameter", `The parameter ${name} is not supported.`);
  }
}

/** @throws BlobError 400 InvalidMetadata, MetadataTooLarge */
export function metadataOf(headers: IncomingHttpHeaders): Record<string, string> {
  const metadata: [string, string][] = [];
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(METADATA_PREFIX)) continue;
    const own = name.slice(METADATA_PREFIX.length);
    if (!isMetadataName(own)) {
      throw new BlobError("InvalidMetadata", "A name of metadata is of letters, digits and underscores.");
    }
    bytes += own.length + Buffer.byteLength(String(value));
    metadata.push([own, String(value)]);
  }
  if (bytes <= METADATA_MAX_BYTES) return Object.fromEntries(metadata);
  throw new BlobError("MetadataTooLarge", `Metadata take at most ${METADATA_MAX_BYTES} bytes.`);
}

import { z } from "zod";
import { readJson } from "./storage/read-json.ts";

/** Azure's name of the metadata that say how a file is decrypted. */
export const ENCRYPTION_METADATA = "encryptiondata";

const metadataSchema = z.record(z.string(), z.unknown());

/** What a blob's row says of its encryption; undefined where it says nothing, and all of it where it cannot be read. */
export function encryptionIn(metadataJson: string): unknown {
  const metadata = readJson(metadataSchema, metadataJson);
  return metadata === null ? metadataJson : metadata[ENCRYPTION_METADATA];
}

import { z } from "zod";
import { type EncryptionData, encryptionDataSchema } from "#shared/clearance-api/encryption.ts";
import type { BlobProperties } from "../storage/blob-store.ts";
import { readJson } from "../storage/read-json.ts";

/** Azure's name of the metadata that say how a file is decrypted. */
export const ENCRYPTION_METADATA = "encryptiondata";

const metadataSchema = z.record(z.string(), z.unknown());

/** What a blob's row says of its encryption; undefined where it says nothing, and all of it where it cannot be read. */
export function encryptionIn(metadataJson: string): unknown {
  const metadata = readJson(metadataSchema, metadataJson);
  return metadata === null ? metadataJson : metadata[ENCRYPTION_METADATA];
}

/** @returns null when there is none, or none that can be understood */
export function parseEncryptionData(properties: BlobProperties): EncryptionData | null {
  const text = properties.metadata[ENCRYPTION_METADATA];
  if (text === undefined) return null;
  return readJson(encryptionDataSchema, text);
}

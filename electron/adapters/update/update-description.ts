import { verify } from "node:crypto";
import { z } from "zod";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import type { PublisherKey } from "./publisher-key.ts";
import { isVersion } from "./version-order.ts";

/** Names of the two files that stand beside the packages. */
export const DESCRIPTION_FILE = "evidence-desk-update.json";
export const SIGNATURE_FILE = "evidence-desk-update.json.sig";

export const DESCRIPTION_MAX_BYTES = 256 * 1024;
/** Of Ed25519: 64 bytes, as they are. */
export const SIGNATURE_BYTES = 64;

/** Also in electron-builder.yml, as appId. */
export const PRODUCT_ID = "org.evidencedesk.console";

/** What kind of package a program was installed from, as electron-builder names it. */
export const PACKAGE_KINDS = ["AppImage", "deb", "nsis", "mac-zip"] as const;
export type PackageKind = (typeof PACKAGE_KINDS)[number];

/** A name in the folder of the description and nowhere else. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9 ._+()-]{0,127}$/;
const PACKAGE_MAX_BYTES = 2e9;

const updatePackageSchema = z.object({
  kind: z.enum(PACKAGE_KINDS),
  /** As Node's `process.arch` says it. */
  architecture: z.enum(["x64", "arm64"]),
  file: z.string().regex(FILE_NAME),
  sizeBytes: z.number().int().positive().max(PACKAGE_MAX_BYTES),
  sha512: z.string().regex(/^[0-9a-f]{128}$/),
});
export type UpdatePackage = z.infer<typeof updatePackageSchema>;

export const updateDescriptionSchema = z.object({
  form: z.literal(1),
  product: z.string(),
  version: z.string().refine(isVersion),
  releasedUtc: z.iso.datetime(),
  notes: z.string().max(20_000),
  packages: z.array(updatePackageSchema).min(1).max(32),
});
export type UpdateDescription = z.infer<typeof updateDescriptionSchema>;

/**
 * Reads what is published, after its signature (Ed25519 over the file's bytes) was found to be the publisher's: nothing of
 * what somebody else wrote is looked at.
 */
export function readUpdateDescription(
  bytes: Uint8Array,
  signature: Uint8Array,
  publisher: PublisherKey,
): Outcome<UpdateDescription> {
  if (signature.length !== SIGNATURE_BYTES || !verify(null, bytes, publisher.key, signature))
    return SIGNATURE_WRONG;
  const parsed = updateDescriptionSchema.safeParse(jsonOf(bytes));
  if (!parsed.success) return DESCRIPTION_INVALID;
  return parsed.data.product === PRODUCT_ID ? succeeded(parsed.data) : OTHER_PRODUCT;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const SIGNATURE_WRONG = failed(
  "UPDATE_SIGNATURE_WRONG",
  "The update there is not signed by the publisher of this console; it is not installed.",
);
const DESCRIPTION_INVALID = failed(
  "UPDATE_DESCRIPTION_INVALID",
  "The description of the update is signed, and this console does not understand it.",
  "Have the update published anew, or install this one by hand.",
);
const OTHER_PRODUCT = failed(
  "UPDATE_OTHER_PRODUCT",
  "What is published there is another product.",
  "Check the place in the settings, under Updates.",
);

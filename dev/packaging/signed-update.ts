import { createHash, createPrivateKey, sign } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, rename, stat, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  DESCRIPTION_FILE,
  type PackageKind,
  PRODUCT_ID,
  SIGNATURE_FILE,
  type UpdateDescription,
  updateDescriptionSchema,
  type UpdatePackage,
} from "#electron/adapters/update/update-description.ts";

export interface PublishedUpdate {
  /** A folder; a web server may give it out. */
  readonly place: string;
  /** PKCS #8, Ed25519. */
  readonly privateKeyPem: string;
  readonly version: string;
  readonly notes: string;
  /** Files; kind and processor are taken from their names, as electron-builder gives them. */
  readonly packages: readonly string[];
  readonly releasedUtcMs: number;
  /** Another one only in tests. */
  readonly product?: string;
}

/**
 * Copies packages to the place and signs their description.
 * @throws Error for a package that is no file of a kind that consoles install, and for what no description may hold
 */
export async function publishUpdate(update: PublishedUpdate): Promise<UpdateDescription> {
  await mkdir(update.place, { recursive: true });
  const packages = await Promise.all(update.packages.map((path) => describedPackage(path)));
  const description = updateDescriptionSchema.parse({
    ...{ form: 1, product: update.product ?? PRODUCT_ID, version: update.version },
    ...{ releasedUtc: new Date(update.releasedUtcMs).toISOString(), notes: update.notes, packages },
  });
  const bytes = Buffer.from(`${JSON.stringify(description, null, 2)}\n`);
  const signature = sign(null, bytes, createPrivateKey(update.privateKeyPem));
  for (const path of update.packages)
    await whole(join(update.place, basename(path)), (unfinished) => copyFile(path, unfinished));
  await whole(join(update.place, SIGNATURE_FILE), (unfinished) => writeFile(unfinished, signature));
  await whole(join(update.place, DESCRIPTION_FILE), (unfinished) => writeFile(unfinished, bytes));
  return description;
}

/** Whoever reads it finds all of it, or what was there before. */
async function whole(path: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${path}.part`;
  await write(unfinished);
  await rename(unfinished, path);
}

const KINDS: Readonly<Record<string, PackageKind>> = {
  ...{ ".AppImage": "AppImage", ".deb": "deb", ".exe": "nsis", ".zip": "mac-zip" },
};

async function describedPackage(path: string): Promise<UpdatePackage> {
  const file = basename(path);
  const kind = KINDS[extname(file)];
  if (kind === undefined)
    throw new Error(`${file} is none of ${Object.keys(KINDS).join(", ")}, which consoles can install.`);
  const hash = createHash("sha512");
  await pipeline(createReadStream(path), hash);
  const { size: sizeBytes } = await stat(path);
  const architecture = /(arm64|aarch64)/.test(file) ? "arm64" : "x64";
  return { kind, architecture, file, sizeBytes, sha512: hash.digest("hex") };
}

import { readFile } from "node:fs/promises";
import type { ConnectionFile } from "#shared/clearance-api/connection-file.ts";
import { connectionFileSchema } from "#shared/clearance-api/connection-file.ts";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { writeDurably } from "#runtime/files/durable-file.ts";
import type { PrivateJwk } from "./service-keys.ts";
import type { SiteFolder } from "./site-folder.ts";

/** An account, with the private part of one of its keys. */
interface AccountWithKey {
  readonly tenantId: string;
  readonly principalId: string;
  readonly key: PrivateJwk;
}

/**
 * What a console imports to send to this service; it holds the service account's private key.
 * @param urls where the service is reached; a console takes the first that answers
 */
export function connectionFileOf(
  { tenantId, principalId, key }: AccountWithKey,
  urls: readonly string[],
): ConnectionFile {
  const each = (path: string) => urls.map((url) => `${url}${path}`);
  return connectionFileSchema.parse({
    DocumentStoreBaseAddresses: each("/documents/api/v1"),
    SecurityTokenServiceBaseAddresses: each("/connect"),
    KeyStoreBaseAddresses: each("/keys/api/v1"),
    CaseServiceBaseAddresses: each("/cases/api/v1"),
    ApiBaseAddresses: each(""),
    DisableEncryption: false,
    ServicePrincipalId: principalId,
    ServicePrincipalKey: key,
    TenantId: tenantId,
  });
}

/** The folder of a service, as far as its own connection file goes. */
export type ConnectionFilePlaces = Pick<SiteFolder, "connectionFile" | "earlierConnectionFile">;

/**
 * Writes the connection file, readable by its owner alone; replaces an older one as a whole. Where the folder has one of
 * an earlier version's name, that one too: a script that reads it goes on getting what holds.
 */
export async function writeConnectionFile(
  places: ConnectionFilePlaces & Pick<SiteFolder, "keys">,
  urls: readonly string[],
): Promise<void> {
  const account = { tenantId: places.keys.tenantId, ...places.keys.serviceAccount };
  const content = Buffer.from(`${JSON.stringify(connectionFileOf(account, urls), null, 2)}\n`);
  await writeDurably(places.connectionFile, [content]);
  const isOfEarlier = (await textOf(places.earlierConnectionFile)) !== null;
  if (isOfEarlier) await writeDurably(places.earlierConnectionFile, [content]);
}

/** @returns null where the service has never run */
export async function readConnectionFile(places: ConnectionFilePlaces): Promise<string | null> {
  return (await textOf(places.connectionFile)) ?? (await textOf(places.earlierConnectionFile));
}

async function textOf(path: string): Promise<string | null> {
  return await readFile(path, "utf8").catch((error: unknown) => {
    if (saysMissing(error)) return null;
    throw error;
  });
}

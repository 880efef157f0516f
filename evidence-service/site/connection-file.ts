import type { ConnectionFile } from "#shared/clearance-api/connection-file.ts";
import { connectionFileSchema } from "#shared/clearance-api/connection-file.ts";
import type { ServiceKeys } from "./service-keys.ts";
import { writeDurably } from "#runtime/files/durable-file.ts";

/** What a console imports to send to this service; it holds the service account's private key. */
export function connectionFile(keys: ServiceKeys, url: string): ConnectionFile {
  return connectionFileSchema.parse({
    DocumentStoreBaseAddresses: [`${url}/documents/api/v1`],
    SecurityTokenServiceBaseAddresses: [`${url}/connect`],
    KeyStoreBaseAddresses: [`${url}/keys/api/v1`],
    CaseServiceBaseAddresses: [`${url}/cases/api/v1`],
    ApiBaseAddresses: [url],
    DisableEncryption: false,
    ServicePrincipalId: keys.serviceAccount.principalId,
    ServicePrincipalKey: keys.serviceAccount.key,
    TenantId: keys.tenantId,
  });
}

/** Writes the connection file, readable by its owner alone; replaces an older one as a whole. */
export async function writeConnectionFile(path: string, keys: ServiceKeys, url: string): Promise<void> {
  await writeDurably(path, [Buffer.from(`${JSON.stringify(connectionFile(keys, url), null, 2)}\n`)]);
}

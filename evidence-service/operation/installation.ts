import type { WebAdministration } from "#shared/web-api/web-api.ts";
import type { KeyUse } from "../keys/key-use.ts";
import type { ServiceLocks } from "../site/service-locks.ts";
import { isoInstant, isoInstantOrNull } from "../storage/iso-instant.ts";
import { lastBackupUtcMs } from "../storage/last-backup.ts";
import type { Metadata } from "../storage/metadata-tables.ts";

export interface InstallationParts {
  readonly db: Metadata;
  readonly locks: Pick<ServiceLocks, "users">;
  readonly keyUse: Pick<KeyUse, "inUse">;
}

/** What an installation consists of at this moment. @throws MetadataUnreachable */
export async function describeInstallation({
  db,
  locks,
  keyUse,
}: InstallationParts): Promise<WebAdministration["installation"]> {
  const backupUtcMs = await lastBackupUtcMs(db);
  return {
    services: (await locks.users()).map(({ name, sinceUtcMs, isThis }) => ({
      ...{ name, isThis },
      sinceUtc: isoInstant(sinceUtcMs),
    })),
    lastBackupUtc: isoInstantOrNull(backupUtcMs),
    keys: keyUse.inUse.map(({ key: { kind, keyId, madeUtc }, sinceUtcMs }) => ({
      ...{ kind, keyId, madeUtc },
      inUseSinceUtc: isoInstantOrNull(sinceUtcMs),
    })),
  };
}

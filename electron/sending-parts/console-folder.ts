/** What the console keeps in its folder of the site, and under which names. */
import { join } from "node:path";
import { SqliteJournal } from "../adapters/journal/sqlite-journal.ts";
import { SealedDeviceKey } from "../adapters/device-key/device-key.ts";
import { ShownBytesFile } from "../adapters/shown-bytes/shown-bytes-file.ts";
import { SecretBox, type SystemKeyring } from "../adapters/site/secret-box.ts";
import { usingSiteFile } from "../adapters/site/site-file.ts";
import { SettingsStore } from "../adapters/site/settings-store.ts";

/** Settings, the box that seals what is secret in them, and the key that manifests are signed with. */
export function openSettings(folder: string, keyring: SystemKeyring) {
  const settings = new SettingsStore(join(folder, "settings.sqlite"));
  const secrets = new SecretBox(keyring, folder);
  return { settings, secrets, deviceKey: new SealedDeviceKey(settings, secrets) };
}

/** @throws SiteFileUnusable for a file of another version, or a damaged one */
export const openJournal = (folder: string): SqliteJournal => {
  const path = join(folder, "journal.sqlite");
  return usingSiteFile(path, () => new SqliteJournal(path));
};

/** @param onKept told the id of each camera export of which more may be shown now */
export const openShownBytes = (folder: string, onKept: (cameraExportId: string) => void): ShownBytesFile =>
  new ShownBytesFile(join(folder, "shown-bytes.json"), onKept);

/** Authorities that an administrator added, for programs beside the console. */
export const authorityFileIn = (folder: string): string => join(folder, "authorities.pem");

/** The site's own spool, where no other folder was chosen. */
export const ownSpoolIn = (folder: string): string => join(folder, "spool");

import type { SendingGiven } from "#electron/sending-parts/sending-parts.ts";
import { noKeyring } from "./no-keyring.ts";

/** The threads' module as it stands in the repository; a built one is of a program that is measured. */
export const WORKER_MODULE = new URL(
  "../../electron/adapters/segment-encryptor/segment-worker.ts",
  import.meta.url,
);

/**
 * What a proof gives the console's wiring where it has no wish of its own: a machine without keyring and proxy, and
 * nobody who looks.
 * @param folder of the console, which is there
 */
export function givenForProof(folder: string) {
  return {
    folder,
    site: () => ({ name: "Site of a proof", timeZone: "Europe/Berlin" }),
    software: { name: "Evidence Desk", version: "0.0.0" },
    keyring: noKeyring,
    proxyFor: async () => null,
    workerModule: WORKER_MODULE,
    archiveAddress: () => null,
    onChange: () => undefined,
    onBug: (error) => console.error("The export pipeline made a mistake.", error),
  } satisfies SendingGiven;
}

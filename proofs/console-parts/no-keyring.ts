import type { SystemKeyring } from "#electron/adapters/site/secret-box.ts";

/** A system without a keyring, as most servers are: secrets are sealed with a key file. */
export const noKeyring: SystemKeyring = {
  isEncryptionAvailable: () => false,
  encryptString: () => Buffer.alloc(0),
  decryptString: () => "",
};

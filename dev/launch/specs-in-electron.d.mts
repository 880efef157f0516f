/** Of e2e/, that `npm test` runs in the Electron that is put together for tests. */
export const specsInElectron: readonly string[];

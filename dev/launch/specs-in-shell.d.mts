/** Files below e2e/. */
export const specsInShell: readonly string[];

/**
 * Specs of e2e/whole-system that `npm test` runs in the Chromium shell as well, where it runs all of them in Electron:
 * start and log-on, exports and their end, and what is refused. What pictures do is the same Chromium's in both.
 */
export const specsInShell = [
  "camera-problem",
  "pinned-sidebar",
  "privilege",
  "send-one-camera",
  "send-without-case",
].map((name) => `whole-system/${name}.spec.ts`);

/**
 * Specs of e2e/whole-system that `npm test` runs in the Chromium shell as well, where it runs all of them in Electron:
 * start and log-on, pictures, exports and their end, keys, and what is refused.
 */
export const specsInShell = [
  "camera-problem",
  "live-formats",
  "names-and-states",
  "pinned-sidebar",
  "privilege",
  "send-one-camera",
  "send-without-case",
].map((name) => `whole-system/${name}.spec.ts`);

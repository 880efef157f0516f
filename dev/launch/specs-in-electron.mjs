/**
 * Specs of e2e/whole-system that `npm test` runs in the Electron that is put together for tests; the others run in the
 * Chromium shell. Those in which the two could differ: windows and their end, files, trust, keys, focus, pictures,
 * exports. Electron takes about a fifth longer for a spec, so all of them run there by `npm test -- electron` alone.
 */
export const specsInElectron = [
  "after-an-error",
  "camera-problem",
  "change-destination",
  "earlier-version",
  "every-key",
  "focus-stays",
  "keyboard-alone",
  "live-formats",
  "other-archive",
  "privilege",
  "send-one-camera",
  "typed-times",
].map((name) => `whole-system/${name}.spec.ts`);

/** What Playwright leaves out: its --grep-invert reads a test's file and title. */
export const NOT_IN_ELECTRON = [
  "--grep-invert",
  specsInElectron.map((path) => `(?:^|\\s)\\S*${path.replaceAll(".", "\\.")}`).join("|"),
];

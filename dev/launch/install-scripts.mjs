/**
 * Packages whose installation would run a program, and why none of them does. npm is told to run none
 * (`ignore-scripts` in .npmrc): a newcomer has neither a compiler nor Node's headers, and a program that runs
 * unasked with each user's rights is more than fetching a library needs. install-scripts.test.ts holds this list against
 * what is installed; a package that truly needs its script is given a step of its own in node-packages.mjs.
 */
export const scriptsNotRun = {
  "better-sqlite3":
    "would be compiled because a binding.gyp lies in it; it brings Node-API binaries of every system",
  "electron-winstaller": "chooses a packer for Squirrel installers, which are not made here",
  fsevents: "would be compiled; it brings its binary, and only macOS installs it",
};

/** What developers run. */
import type { Wall } from "./wall.ts";

export const DEV: readonly Wall[] = [
  {
    room: "dev/launch",
    may: ["electron/desktop-shell/read-command-line.mjs"],
    libraries: ["node:"],
    because:
      "it runs before anything is installed, on an older Node: it knows of the console its command line alone",
  },
  {
    room: "dev/electron-runtime",
    may: ["dev/launch"],
    libraries: [
      ...["node:", "rolldown", "electron-builder", "app-builder-lib", "@electron/fuses"],
      ...["better-sqlite3", "node-addon-api"],
    ],
    because: "it gets an Electron or what stands in for one, for whatever program",
  },
  {
    room: "dev/electron-runtime/default-app",
    may: [],
    importsWhatIsNamed: true,
    libraries: ["node:", "electron"],
    because: "it runs the program that its command line names, as Electron's own default app does",
  },
  {
    room: "dev/chromium-shell",
    withFolders: true,
    may: [],
    libraries: ["node:", "electron", "playwright-core"],
    because: "it behaves as Electron does, whatever program runs in it",
  },
  {
    room: "dev/packaging",
    may: ["dev/electron-runtime", "dev/launch", "electron/adapters/update", "electron/desktop-shell"],
    libraries: [
      ...[
        "node:",
        "zod",
        "electron-builder",
        "app-builder-lib",
        "@electron/asar",
        "@electron/fuses",
        "js-yaml",
      ],
    ],
    because: "packages are described in the form in which the console reads what is offered to it",
  },
  {
    room: "dev/demo-site",
    may: ["dev/demo-site/footage", "electron/adapters/site", "evidence-service/testing"],
    libraries: ["node:"],
    because: "a demo is settings of a console and people of a service, written as the two write them",
  },
  {
    room: "dev/demo-site/footage",
    may: ["archive", "archive/ground", "archive/index", "archive/recorder", "media"],
    types: ["shared/domain"],
    libraries: ["node:", "p-limit"],
    because: "footage of a demo is recorded as the archive records, and knows neither console nor service",
  },
  {
    room: "dev/automation",
    may: [],
    libraries: ["node:", "prettier"],
    because: "it writes down what scripts may call, as text of the files that say it",
  },
  {
    room: "electron.vite.config.ts",
    may: [],
    libraries: ["electron-vite", "@vitejs/plugin-react"],
    because: "it names the files with which programs begin, and imports none of them",
  },
  {
    room: "playwright.config.ts",
    may: [],
    libraries: ["@playwright/test"],
    because: "it says how specs run, whatever is in them",
  },
  {
    room: "vitest.config.ts",
    may: [],
    libraries: ["vitest"],
    because: "it says how tests run, whatever is in them",
  },
  {
    room: "dev/structure",
    may: ["dev/structure/walls"],
    libraries: ["node:", "vite"],
    because: "it measures files, whatever is in them",
  },
  {
    room: "dev/structure/walls",
    may: [],
    libraries: [],
    because: "it is a table, and does nothing",
  },
];

/** End-to-end specs, and the start for scripts. */
import { EVERY_LIBRARY } from "./every-library.ts";
import type { Wall } from "./wall.ts";

export const E2E: readonly Wall[] = [
  {
    room: "e2e",
    may: ["e2e/fixture", "e2e/screen-objects"],
    libraries: [],
    because: "it is what scripts may import: the start and the screens, and nothing behind them",
  },
  {
    room: "e2e/screen-objects",
    may: [],
    libraries: ["playwright-core"],
    because: "screens are known by what is on them, to specs and to scripts of others",
  },
  {
    room: "e2e/fixture",
    withFolders: true,
    may: [
      ...["dev/chromium-shell", "dev/demo-site/footage", "dev/electron-runtime", "dev/launch"],
      ...["e2e/proof", "e2e/screen-objects", "evidence-service/testing", "runtime/process"],
    ],
    libraries: ["node:", "@playwright/test", "better-sqlite3", "playwright-core", "zod"],
    because: "it starts the programs as built, and knows of the code behind them the ready line alone",
  },
  {
    room: "e2e/proof",
    may: [
      ...["dev/demo-site/footage", "e2e/fixture", "proofs/fault-proxy"],
      ...["shared/clearance-api", "shared/domain", "shared/manifest", "shared/web-api"],
    ],
    types: ["e2e/screen-objects"],
    libraries: [
      ...["node:", "@playwright/test", "axe-core", "better-sqlite3", "playwright-core"],
      ...["temporal-polyfill", "zod"],
    ],
    because: "it reads what came of a spec by the public contracts, never by the code behind them",
  },
  {
    room: "e2e/whole-system",
    may: [
      ...["archive/testing", "dev/*", "e2e/*", "evidence-service/testing", "proofs/*", "runtime/process"],
    ],
    types: ["shared/*"],
    libraries: [EVERY_LIBRARY],
    because:
      "end-to-end specs know the interface and the public contracts, the ready line among them, never the code behind them",
  },
  {
    room: "e2e/first-hour",
    may: ["e2e/screen-objects"],
    types: ["proofs/guides/first-hour", "proofs/newcomer"],
    libraries: ["node:", "playwright-core"],
    because: "it walks the steps of a guide on the screen, wherever the console was started",
  },
  {
    room: "e2e/packaged",
    may: ["e2e/fixture"],
    libraries: ["node:"],
    because: "it drives a console that is installed: nothing of the repository runs in it",
  },
  {
    room: "e2e/soak",
    may: ["dev/demo-site/footage", "e2e/fixture", "proofs/soak"],
    libraries: ["node:"],
    because: "it drives a console for hours, and leaves the arithmetic to the proof",
  },
];

/** What tries what was promised; the program knows nothing of it. */
import { EVERY_LIBRARY } from "./every-library.ts";
import type { Wall } from "./wall.ts";

export const PROOFS: readonly Wall[] = [
  {
    room: "proofs",
    may: [
      ...["archive/testing", "dev/electron-runtime", "dev/launch", "dev/packaging"],
      ...["evidence-service/testing", "proofs/conformance", "proofs/newcomer", "proofs/several-services"],
      "proofs/suspend",
    ],
    libraries: ["node:", "fast-check"],
    because: "it is the proofs by their names: each starts what lies in its folder, and says what came of it",
  },
  {
    room: "proofs/console-parts",
    may: ["electron/adapters/clearance-client", "electron/adapters/segment-encryptor"],
    types: ["electron/adapters/site", "electron/sending-parts"],
    libraries: ["node:"],
    because: "it is what proofs give the console's own wiring; what is wired they take from the program",
  },
  {
    room: "proofs/conformance",
    may: [
      "shared/*",
      "runtime/*",
      "electron/*",
      "archive/*",
      "evidence-service/*",
      "proofs/console-parts",
      "proofs/fault-proxy",
    ],
    libraries: [EVERY_LIBRARY],
    because: "it holds each side to the contract by the official client or server of the other",
  },
  {
    room: "proofs/consolidation",
    may: ["archive/*", "evidence-service/*", "media", "shared/*"],
    libraries: ["node:"],
    because: "footage of an archive becomes one video of the service, with no console between them",
  },
  {
    room: "proofs/crash-matrix",
    may: [
      "shared/*",
      "media/*",
      "runtime/*",
      "electron/*",
      "archive/*",
      "evidence-service/*",
      "dev/demo-site",
      "dev/demo-site/footage",
      "proofs/console-parts",
      "proofs/fault-proxy",
    ],
    libraries: ["node:", "better-sqlite3", "zod"],
    because: "it kills the whole program wherever it writes, and reads what every part left on the disk",
  },
  {
    room: "proofs/fault-proxy",
    may: [],
    libraries: ["node:"],
    because: "it spoils a line, whatever is sent over it",
  },
  {
    room: "proofs/deploy",
    may: [
      ...["dev/launch", "evidence-service/*", "proofs/conformance", "proofs/crash-matrix", "proofs/guides"],
      ...["proofs/deploy/files", "proofs/private-authority", "proofs/several-services", "runtime/process"],
    ],
    libraries: ["node:"],
    because: "it puts the files of deploy/ to work, as an administrator does who follows the guide",
  },
  {
    room: "proofs/deploy/files",
    may: ["dev/launch"],
    libraries: ["node:"],
    because: "it is the files of deploy/ as an administrator changes them, and starts what reads them",
  },
  {
    room: "proofs/moving",
    may: ["evidence-service/*", "proofs/conformance"],
    libraries: ["node:", "@azure/storage-blob"],
    because: "it moves whole services between real stores, and looks at what arrived",
  },
  {
    room: "proofs/guides",
    may: [
      ...["dev/launch", "proofs/console-parts", "proofs/conformance", "proofs/private-authority", "shared/*"],
      ...["electron/adapters/clearance-client", "electron/export-pipeline", "electron/export-pipeline/ports"],
      ...["electron/sending-parts", "evidence-service/*", "dev/structure"],
    ],
    libraries: ["node:", "zod"],
    because: "it runs what the guides tell readers to run, on evidence that the program sent",
  },
  {
    room: "proofs/guides/first-hour",
    may: ["proofs/guides"],
    libraries: [],
    because: "it reads the steps of one guide; who walks them stands in e2e/",
  },
  {
    room: "proofs/newcomer",
    may: ["dev/launch"],
    libraries: ["node:", "playwright-core"],
    because: "it is a user who has nothing but a copy of the repository",
  },
  {
    room: "proofs/numbered-camera",
    may: ["archive/testing", "dev/demo-site/footage"],
    libraries: [],
    because: "its pictures say by themselves which they are, whoever shows them",
  },
  {
    room: "proofs/private-authority",
    may: [
      "shared/*",
      "media/*",
      "runtime/*",
      "electron/*",
      "evidence-service/*",
      "proofs/console-parts",
      "proofs/deploy/files",
      "proofs/guides",
    ],
    libraries: ["node:"],
    because: "it is TLS of an organisation's own between all programs",
  },
  {
    room: "proofs/published-update",
    may: ["dev/packaging", "electron/*", "proofs/private-authority"],
    libraries: ["node:"],
    because: "what packaging publishes must be what the console takes",
  },
  {
    room: "proofs/runtime-probe",
    may: [
      ...["dev/chromium-shell", "dev/electron-runtime", "electron/adapters/site", "electron/desktop-shell"],
      ...["electron/embedded-services", "runtime/process"],
    ],
    libraries: ["node:", "electron"],
    because: "it asks both runtimes what the console's shell asks of them",
  },
  {
    room: "proofs/several-services",
    may: [
      ...["dev/launch", "evidence-service/*", "proofs/conformance", "proofs/crash-matrix"],
      ...["proofs/deploy/files", "runtime/process", "shared/web-api"],
    ],
    types: ["electron/export-pipeline/ports"],
    libraries: ["node:", "pg"],
    because:
      "it is several services behind nginx or a plain balancer, who uses them, and what goes wrong meanwhile",
  },
  {
    room: "proofs/soak",
    may: [],
    libraries: [],
    because: "it is arithmetic on samples of memory; who takes them stands in e2e/",
  },
  {
    room: "proofs/suspend",
    may: ["evidence-service", "proofs/crash-matrix", "proofs/fault-proxy"],
    libraries: ["node:"],
    because: "it stops the programs that the crash matrix kills, and looks at them from outside",
  },
  {
    room: "proofs/true-time",
    may: [...["dev/chromium-shell", "evidence-service/testing", "proofs/fault-proxy"], ...["shared/web-api"]],
    libraries: ["node:", "puppeteer-core"],
    because: "it looks at the web application in real browsers, as an investigator does",
  },
  {
    room: "proofs/benchmarks",
    may: [
      "shared/*",
      "electron/*",
      "archive/*",
      "evidence-service/*",
      ...["dev/*", "proofs/*", "e2e", "e2e/fixture", "e2e/proof"],
    ],
    libraries: ["node:", "p-limit", "playwright-core", "vite"],
    because:
      "it is the benchmarks by their names, and measures the program as it is, wherever it takes its time",
  },
  {
    room: "proofs/benchmarks/capacity",
    may: [
      ...["evidence-service/storage/postgres", "evidence-service/testing"],
      ...["proofs/benchmarks", "proofs/conformance", "proofs/several-services"],
    ],
    types: ["evidence-service/storage"],
    libraries: ["node:", "kysely"],
    because: "it reckons what an organisation needs from what things were measured to cost",
  },
  {
    room: "proofs/benchmarks/console",
    may: [
      ...["archive/index", "archive/recorder", "dev/demo-site", "electron/adapters/site"],
      ...["electron/sending-parts", "evidence-service/testing", "proofs/benchmarks/tiles"],
    ],
    types: ["electron/export-pipeline/ports"],
    libraries: ["node:", "playwright-core"],
    because: "it is a console with work to do, as its users have it",
  },
  {
    room: "proofs/benchmarks/consolidation",
    may: [
      ...["evidence-service/consolidation", "evidence-service/testing", "media", "runtime/streams"],
      ...["proofs/benchmarks", "proofs/benchmarks/export", "proofs/benchmarks/pipeline"],
    ],
    libraries: ["node:", "@azure/storage-blob", "mediabunny"],
    because: "it measures joining beside another library that joins",
  },
  {
    room: "proofs/benchmarks/export",
    may: [
      ...[
        "archive/ground",
        "archive/export",
        "archive/index",
        "archive/recorder",
        "dev/demo-site/footage",
        "media",
        "runtime/files/missing-file.ts",
      ],
      "proofs/benchmarks/pipeline",
    ],
    libraries: ["node:", "mediabunny"],
    because: "it measures an export of the archive beside another library that cuts",
  },
  {
    room: "proofs/benchmarks/pipeline",
    may: [
      ...["archive", "archive/index", "archive/recorder", "dev/demo-site/footage", "electron/*"],
      ...["proofs/benchmarks", "proofs/console-parts", "runtime/*", "shared/*"],
    ],
    libraries: ["node:", "@azure/storage-blob", "p-limit", "zod"],
    because: "it measures the way of a byte from the archive to the service, stop by stop",
  },
  {
    room: "proofs/benchmarks/seek",
    may: ["archive/ground", "archive/index", "archive/recorder", "dev/demo-site/footage", "shared/page"],
    libraries: ["node:", "video.js"],
    because: "it measures jumps in an archive's playlist, with the pages' own way of jumping",
  },
  {
    room: "proofs/benchmarks/service",
    may: [
      ...[
        "evidence-service",
        "evidence-service/rights/policies.ts",
        "evidence-service/site",
        "evidence-service/blobs/s3",
        "evidence-service/storage",
        "evidence-service/storage/postgres",
        "evidence-service/testing",
      ],
      ...["proofs/benchmarks", "proofs/benchmarks/pipeline", "proofs/conformance", "proofs/several-services"],
      "shared/web-api",
    ],
    libraries: [
      ...["node:", "@aws-sdk/client-s3", "@azure/storage-blob", "better-sqlite3", "kysely", "p-limit", "zod"],
    ],
    because: "it measures the service with a year of evidence in it, from the outside",
  },
  {
    room: "proofs/benchmarks/tiles",
    withFolders: true,
    may: ["dev/chromium-shell", "dev/electron-runtime", "e2e", "e2e/proof"],
    libraries: ["node:", "electron", "playwright-core", "video.js"],
    because: "it measures pictures on a screen beside a bare page in a bare window",
  },
];

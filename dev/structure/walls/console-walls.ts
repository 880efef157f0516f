/** The console's main process. */
import type { Wall } from "./wall.ts";

const PIPELINE = "electron/export-pipeline";
const PORTS = "electron/export-pipeline/ports";
const LIMITS = "electron/export-pipeline/limits";
const TRACKED = "electron/export-pipeline/tracked";
const STAGES = "electron/export-pipeline/stages";
const WINDOWS = "electron/desktop-shell/windows";

export const CONSOLE: readonly Wall[] = [
  {
    room: "electron",
    may: [
      ...["electron/sending-parts", "electron/adapters/clearance-client", "electron/adapters/log"],
      ...["electron/adapters/log-on-start", "electron/adapters/proxy", "electron/adapters/report"],
      ...["electron/adapters/site", "electron/adapters/trust", "electron/adapters/update"],
      ...["electron/desktop-shell", WINDOWS, "electron/embedded-services", "electron/ipc-handlers"],
      ...["runtime/process", "shared/domain", "shared/ipc-contract"],
    ],
    types: [PORTS],
    libraries: ["node:", "electron"],
    because: "it puts the console together; archive and evidence service are reached over HTTP alone",
  },
  {
    room: "electron/preload.ts",
    may: ["shared/ipc-contract"],
    libraries: ["electron"],
    because: "it is a sandboxed bridge without logic",
  },
  {
    room: "electron/sending-parts",
    may: [PIPELINE, LIMITS, TRACKED, "electron/adapters/*", "shared/domain"],
    types: [PORTS],
    libraries: ["node:"],
    because:
      "it alone puts together what sends, for the console and for whatever proves it in plain Node: it knows no Electron",
  },
  {
    room: PIPELINE,
    may: [PORTS, LIMITS, STAGES, TRACKED, "shared/domain", "shared/words"],
    libraries: ["node:", "p-limit"],
    because: "it holds order and rules; disk, network and Electron stand behind its ports",
  },
  {
    room: STAGES,
    may: [TRACKED, PORTS, "shared/clearance-api", "shared/domain", "shared/manifest", "shared/words"],
    libraries: [],
    because: "a stage takes one file or one evidence a step on, by the ports alone",
  },
  {
    room: TRACKED,
    may: [PORTS, "shared/domain"],
    libraries: [],
    because: "it knows how far each export is and tells it: what is done next is decided above",
  },
  {
    room: LIMITS,
    may: [PORTS, "shared/domain", "shared/words"],
    types: [TRACKED],
    libraries: [],
    because: "it says who has a turn, whatever the turn is for",
  },
  {
    room: PORTS,
    may: ["shared/domain"],
    types: ["shared/clearance-api", "shared/manifest"],
    libraries: [],
    because: "a port is what the pipeline asks of the world, in its own words: promises and failures",
  },
  {
    room: "electron/ipc-handlers",
    may: [
      ...["electron/desktop-shell", PIPELINE, LIMITS, PORTS, "runtime/files"],
      ...["shared/archive-api", "shared/domain", "shared/ipc-contract"],
    ],
    types: ["electron/adapters/*", WINDOWS],
    libraries: ["node:", "zod"],
    because: "handlers check, parse and call what they are handed; who builds it is above them",
  },
  {
    room: "electron/desktop-shell",
    may: ["electron/adapters/proxy", "shared/domain", "shared/ipc-contract", "shared/words", "runtime/files"],
    types: ["electron/adapters/archive-client", "electron/adapters/update", WINDOWS],
    libraries: ["node:", "electron", "electron-updater", "zod"],
    because: "it is window, page, system tray and package, whatever is done in them",
  },
  {
    room: WINDOWS,
    may: ["shared/domain", "shared/ipc-contract"],
    libraries: ["electron", "zod"],
    because: "it says where windows stand and keeps that; what they show is told by whoever opens them",
  },
  {
    room: "electron/embedded-services",
    may: ["electron/adapters/clearance-client", "runtime/process", "shared/words"],
    types: ["electron/adapters/archive-client"],
    libraries: ["node:", "electron", "zod"],
    because: "it runs the two services as processes and learns their addresses",
  },
  {
    room: "electron/adapters",
    may: [
      PORTS,
      "electron/adapters/proxy",
      "electron/adapters/trust",
      "shared/problem",
      "shared/domain",
      "runtime/http",
      "shared/words",
    ],
    libraries: ["node:", "zod"],
    because: "it is what the ways to both services share: an answer, a refusal, progress",
  },
  {
    room: "electron/adapters/archive-client",
    may: ["electron/adapters", "electron/adapters/proxy", PORTS, "shared/archive-api", "shared/domain"],
    libraries: ["node:", "zod"],
    because:
      "it stands behind the port of footage, over HTTP, for an archive beside the console or elsewhere alike",
  },
  {
    room: "electron/adapters/clearance-client",
    may: [
      ...["electron/adapters", "electron/adapters/proxy", PORTS],
      ...["shared/clearance-api", "shared/domain", "runtime/http"],
      "shared/words",
    ],
    types: ["electron/adapters/segment-encryptor", "shared/manifest"],
    libraries: ["node:", "jose", "zod"],
    because:
      "it stands behind the port of the destination, over HTTP: it sends what it is given, by the public contract alone",
  },
  {
    room: "electron/adapters/device-key",
    may: [],
    types: ["electron/adapters/site", PORTS, "shared/manifest"],
    libraries: ["node:", "zod"],
    because:
      "it stands behind the port of who signs: only it has the private part, and it asks settings for the sealed one alone",
  },
  {
    room: "electron/adapters/encryption",
    may: [],
    types: [PORTS, "shared/clearance-api"],
    libraries: ["node:"],
    because: "spool and encryptor both stand on it",
  },
  {
    room: "electron/adapters/journal",
    may: [PORTS, "shared/domain"],
    libraries: ["node:", "better-sqlite3", "zod"],
    because:
      "it stands behind the port of the journal, in SQLite: it keeps rows and decides nothing about them",
  },
  {
    room: "electron/adapters/line-rate",
    may: [],
    types: ["electron/adapters/site", PORTS],
    libraries: ["zod"],
    because: "it measures around a destination, whichever that is, and keeps the rates with the settings",
  },
  {
    room: "electron/adapters/log",
    may: ["shared/domain"],
    libraries: ["node:", "pino", "pino-roll"],
    because: "every part is handed its log, so it knows none",
  },
  {
    room: "electron/adapters/log-on-start",
    may: ["shared/domain", "runtime/files"],
    types: ["shared/ipc-contract"],
    libraries: ["node:", "electron"],
    because: "it is what the system does by itself, an entry or an item of its own",
  },
  { room: "electron/adapters/proxy", may: [], libraries: [], because: "all ways out stand on it" },
  {
    room: "electron/adapters/report",
    may: ["shared/domain", "runtime/files"],
    types: ["electron/adapters/site", "shared/ipc-contract"],
    libraries: ["node:", "fflate"],
    because:
      "it gathers facts for support from what it is handed, with names and secrets left out; it asks nobody itself",
  },
  {
    room: "electron/adapters/retry",
    may: [PORTS, "shared/words"],
    libraries: [],
    because: "it tries any port again",
  },
  {
    room: "electron/adapters/segment-encryptor",
    may: [
      ...["electron/adapters/encryption", "electron/adapters/proxy", "electron/adapters/spool"],
      ...["electron/adapters/trust", "electron/adapters", PORTS, "runtime/streams"],
      ...["runtime/files", "shared/domain"],
      "shared/words",
    ],
    libraries: ["node:", "@azure/storage-blob", "p-limit"],
    because: "its two threads read from the archive into the spool, and send from it",
  },
  {
    room: "electron/adapters/shown-bytes",
    may: ["runtime/files"],
    types: [PORTS],
    libraries: ["node:", "zod"],
    because: "it stands behind the port of marks, in one small file: losing it loses no evidence",
  },
  {
    room: "electron/adapters/site",
    may: [
      ...["electron/adapters/archive-client", "electron/adapters/clearance-client"],
      ...[
        "electron/adapters/proxy",
        "electron/adapters/trust",
        PORTS,
        "shared/domain",
        "shared/ipc-contract",
      ],
      "runtime/files",
    ],
    types: ["electron/adapters/spool"],
    libraries: ["node:", "better-sqlite3", "zod"],
    because: "settings are tried where they lead before they are kept",
  },
  {
    room: "electron/adapters/spool",
    may: ["electron/adapters/encryption", PORTS, "shared/domain", "shared/words", "runtime/files"],
    types: ["electron/adapters/archive-client", "electron/adapters/segment-encryptor"],
    libraries: ["node:", "zod"],
    because:
      "it stands behind the port of the spool, in folders: files encrypted by others, whose content it cannot read",
  },
  {
    room: "electron/adapters/update",
    may: [
      ...["electron/adapters", "electron/adapters/trust", "runtime/files"],
      "shared/domain",
      "shared/words",
    ],
    types: ["electron/adapters/proxy", "electron/adapters/site", "shared/ipc-contract"],
    libraries: ["node:", "zod"],
    because: "it finds and checks what is offered; who installs it stands above",
  },
  {
    room: "electron/adapters/trust",
    may: [PORTS, "electron/adapters/proxy", "shared/domain", "runtime/tls", "shared/words"],
    libraries: ["node:"],
    because: "it says whose certificate stands at the end of a line, and what stands in its way",
  },
];

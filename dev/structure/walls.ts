/**
 * Who may import whom: one row a room, everything else is refused. `npm run check` holds every import to it by the file
 * that it leads to, whatever way it is written; a room without a row fails. A row's room is the longest one that a
 * file's path begins with; a row that names the folder around it means the files that lie there beside the rooms. What
 * a room may, its tests may too, and all of their own program and of shared/ besides.
 */
export interface Wall {
  /** A folder, or a file beside rooms, from the repository's root. */
  readonly room: string;
  /** Rooms of ours, with whatever lies below them; itself is never named. */
  readonly may: readonly string[];
  /** Rooms of which types alone may be named: they are gone when the program runs. */
  readonly types?: readonly string[];
  /** Libraries by their package, `node:` for what comes with Node, `electron`. */
  readonly libraries: readonly string[];
  readonly because: string;
}

const CONTRACTS_ALONE =
  "a contract knows the domain and zod, never another contract: each pair of sides can change alone";

const SHARED: readonly Wall[] = [
  {
    room: "shared/domain",
    may: [],
    libraries: [],
    because: "everything knows the domain, so it knows nothing, not even a library",
  },
  {
    room: "shared/words",
    may: ["shared/domain"],
    libraries: ["temporal-polyfill"],
    because: "it says instants, durations and amounts alike for all sides and knows none of them",
  },
  {
    room: "shared/page",
    may: [],
    libraries: [],
    because: "it is about focus and keys of any page: it knows the browser and nothing of ours",
  },
  { room: "shared/http", may: [], libraries: [], because: "it is about requests of any service" },
  { room: "shared/process", may: [], libraries: [], because: "it is about processes of any program" },
  { room: "shared/archive-api", may: ["shared/domain"], libraries: ["zod"], because: CONTRACTS_ALONE },
  { room: "shared/clearance-api", may: ["shared/domain"], libraries: ["zod"], because: CONTRACTS_ALONE },
  { room: "shared/web-api", may: ["shared/domain"], libraries: ["zod"], because: CONTRACTS_ALONE },
  { room: "shared/ipc-contract", may: ["shared/domain"], libraries: ["zod"], because: CONTRACTS_ALONE },
  {
    room: "shared/manifest",
    may: ["shared/domain", "shared/clearance-api"],
    libraries: ["zod"],
    because: "a manifest names what was sent as the service names it",
  },
  { room: "media", may: [], libraries: ["node:"], because: "it reads and writes MP4, whoever asks" },
  { room: "streams", may: [], libraries: ["node:"], because: "it moves bytes, whatever they mean" },
];

const PAGE = ["renderer/design-system", "renderer/main-process-client"];
const WORDS_OF_PAGE = ["shared/domain", "shared/words", "shared/page"];
const REACT = ["react", "react-dom", "react-aria-components"];
const FEATURE =
  "a feature knows no other one, so that each can be placed elsewhere; what two of them need lies below both";

const RENDERER: readonly Wall[] = [
  {
    room: "renderer/main.tsx",
    may: ["renderer/app-shell", ...PAGE, "shared/page"],
    libraries: REACT,
    because: "it puts the page together; a page is sandboxed and has neither Node nor Electron",
  },
  {
    room: "renderer/app-shell",
    may: ["renderer/features", ...PAGE, ...WORDS_OF_PAGE],
    types: ["shared/ipc-contract"],
    libraries: [...REACT, "@tanstack/react-query", "zod", "zustand"],
    because: "it alone knows all features, and arranges them",
  },
  {
    room: "renderer/features/area-view",
    may: [...PAGE, ...WORDS_OF_PAGE],
    libraries: [...REACT, "@tanstack/react-virtual"],
    because: FEATURE,
  },
  {
    room: "renderer/features/camera-tiles",
    may: [...PAGE, ...WORDS_OF_PAGE, "shared/archive-api"],
    types: ["shared/ipc-contract"],
    libraries: [...REACT, "video.js", "zod", "zustand"],
    because: `${FEATURE}; tiles read pictures from the archive themselves, over HTTP`,
  },
  {
    room: "renderer/features/export-timeline",
    may: [...PAGE, ...WORDS_OF_PAGE],
    libraries: [...REACT, "temporal-polyfill", "zod", "zustand"],
    because: FEATURE,
  },
  {
    room: "renderer/features/export-wizard",
    may: [...PAGE, ...WORDS_OF_PAGE, "shared/ipc-contract"],
    libraries: [...REACT, "zod", "zustand"],
    because: `${FEATURE}; a draft that is kept is read back by the contract's rules`,
  },
  {
    room: "renderer/features/logon",
    may: [...PAGE, ...WORDS_OF_PAGE],
    types: ["shared/ipc-contract"],
    libraries: REACT,
    because: FEATURE,
  },
  {
    room: "renderer/features/notification-tray",
    may: [...PAGE, ...WORDS_OF_PAGE],
    types: ["shared/ipc-contract"],
    libraries: [...REACT, "@tanstack/react-virtual", "zustand"],
    because: FEATURE,
  },
  {
    room: "renderer/features/settings",
    may: [...PAGE, ...WORDS_OF_PAGE],
    types: ["shared/ipc-contract"],
    libraries: [...REACT, "@tanstack/react-virtual"],
    because: FEATURE,
  },
  {
    room: "renderer/main-process-client",
    may: ["shared/domain", "shared/words", "shared/ipc-contract"],
    libraries: ["react", "@tanstack/react-query", "zustand"],
    because: "it is the page's only way to main: features build on it, and it knows none",
  },
  {
    room: "renderer/design-system",
    may: WORDS_OF_PAGE,
    libraries: [...REACT, "temporal-polyfill", "zustand"],
    because: "it knows how things look and are used, not what they are about",
  },
];

const PORTS = "electron/export-pipeline";
const ADAPTER = "it stands behind a port, and knows neither windows nor the page";

const CONSOLE: readonly Wall[] = [
  {
    room: "electron",
    may: [
      ...["electron/adapters", "electron/desktop-shell", "electron/embedded-services", PORTS],
      ...["electron/ipc-handlers", "shared/domain", "shared/ipc-contract", "shared/process", "streams"],
    ],
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
    room: PORTS,
    may: ["shared/domain", "shared/clearance-api", "shared/manifest", "shared/words"],
    libraries: ["node:", "p-limit"],
    because: "it holds order, limits and rules; disk, network and Electron stand behind its ports",
  },
  {
    room: "electron/ipc-handlers",
    may: ["electron/desktop-shell", PORTS, "shared/archive-api", "shared/domain", "shared/ipc-contract"],
    types: ["electron/adapters"],
    libraries: ["node:", "zod"],
    because: "handlers check, parse and call what they are handed; who builds it is above them",
  },
  {
    room: "electron/desktop-shell",
    may: ["electron/adapters/proxy", "shared/domain", "shared/ipc-contract", "shared/process"],
    types: ["electron/adapters/archive-client", "electron/adapters/update"],
    libraries: ["node:", "electron", "electron-updater", "zod"],
    because: "it is window, page, system tray and package, whatever is done in them",
  },
  {
    room: "electron/embedded-services",
    may: ["electron/adapters/clearance-client", "shared/process"],
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
      "shared/archive-api",
      "shared/domain",
      "shared/http",
    ],
    libraries: ["node:", "zod"],
    because: "it is what the ways to both services share: an answer, a refusal, progress",
  },
  {
    room: "electron/adapters/archive-client",
    may: ["electron/adapters", "electron/adapters/proxy", PORTS, "shared/archive-api", "shared/domain"],
    libraries: ["node:", "zod"],
    because: ADAPTER,
  },
  {
    room: "electron/adapters/clearance-client",
    may: [
      ...["electron/adapters", "electron/adapters/proxy", PORTS],
      ...["shared/clearance-api", "shared/domain", "shared/http"],
    ],
    types: ["electron/adapters/segment-encryptor", "shared/manifest"],
    libraries: ["node:", "jose", "zod"],
    because: ADAPTER,
  },
  {
    room: "electron/adapters/device-key",
    may: [],
    types: ["electron/adapters/site", PORTS, "shared/manifest"],
    libraries: ["node:", "zod"],
    because: ADAPTER,
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
    because: ADAPTER,
  },
  {
    room: "electron/adapters/line-rate",
    may: [],
    types: ["electron/adapters/site", PORTS],
    libraries: ["zod"],
    because: ADAPTER,
  },
  {
    room: "electron/adapters/log",
    may: ["shared/domain"],
    libraries: ["node:", "pino", "pino-roll"],
    because: "every part is handed its log, so it knows none",
  },
  {
    room: "electron/adapters/log-on-start",
    may: ["shared/domain"],
    types: ["shared/ipc-contract"],
    libraries: ["node:", "electron"],
    because: "it is what the system does by itself, an entry or an item of its own",
  },
  { room: "electron/adapters/proxy", may: [], libraries: [], because: "all ways out stand on it" },
  {
    room: "electron/adapters/report",
    may: ["shared/domain"],
    types: ["electron/adapters/site", "shared/ipc-contract"],
    libraries: ["node:", "fflate"],
    because: ADAPTER,
  },
  { room: "electron/adapters/retry", may: [PORTS], libraries: [], because: "it tries any port again" },
  {
    room: "electron/adapters/segment-encryptor",
    may: [
      ...["electron/adapters/encryption", "electron/adapters/proxy", "electron/adapters/spool"],
      ...["electron/adapters/trust", "electron/adapters", PORTS, "shared/domain", "streams"],
    ],
    libraries: ["node:", "@azure/storage-blob", "p-limit"],
    because: "its two threads read from the archive into the spool, and send from it",
  },
  {
    room: "electron/adapters/shown-bytes",
    may: [],
    types: [PORTS],
    libraries: ["node:", "zod"],
    because: ADAPTER,
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
    ],
    types: ["electron/adapters/spool"],
    libraries: ["node:", "better-sqlite3", "zod"],
    because: "settings are tried where they lead before they are kept",
  },
  {
    room: "electron/adapters/spool",
    may: ["electron/adapters/encryption", PORTS, "shared/domain", "shared/words"],
    types: ["electron/adapters/archive-client", "electron/adapters/segment-encryptor"],
    libraries: ["node:", "zod"],
    because: ADAPTER,
  },
  {
    room: "electron/adapters/update",
    may: ["electron/adapters", "electron/adapters/proxy", "electron/adapters/trust", "shared/domain"],
    types: ["electron/adapters/site", "shared/ipc-contract"],
    libraries: ["node:", "zod"],
    because: "it finds and checks what is offered; who installs it stands above",
  },
  {
    room: "electron/adapters/trust",
    may: ["electron/adapters", "electron/adapters/proxy", "shared/domain", "streams"],
    libraries: ["node:"],
    because: "it says whose certificate stands at the end of a line",
  },
];

const FILES_AND_INDEX = ["archive", "archive/index", "media"];

const ARCHIVE: readonly Wall[] = [
  {
    room: "archive",
    may: [
      ...[
        "archive/camera-time",
        "archive/cameras",
        "archive/check",
        "archive/export",
        "archive/http",
        "archive/index",
      ],
      ...[
        "archive/live",
        "archive/playback",
        "archive/recorder",
        "archive/retention",
        "shared/process",
        "streams",
      ],
    ],
    types: ["shared/archive-api"],
    libraries: ["node:"],
    because:
      "it puts the archive together, which runs alone in plain Node: it knows neither console nor service",
  },
  {
    room: "archive/cameras",
    may: ["archive", "shared/archive-api", "shared/domain"],
    libraries: ["node:", "zod"],
    because: "it keeps what cameras are called and where they are; it records nothing",
  },
  {
    room: "archive/index",
    may: ["archive", "archive/cameras", "media", "shared/archive-api", "shared/domain"],
    libraries: ["node:", "better-sqlite3", "zod"],
    because: "it knows what files hold; who writes and reads them stands above it",
  },
  {
    room: "archive/camera-time",
    may: ["archive", "archive/index"],
    types: ["archive/export", "shared/archive-api", "shared/domain"],
    libraries: ["node:", "zod"],
    because: "it keeps what a camera's own clock said, beside the index",
  },
  {
    room: "archive/recorder",
    may: [
      ...FILES_AND_INDEX,
      "archive/camera-time",
      "archive/cameras",
      "shared/archive-api",
      "shared/domain",
    ],
    types: ["archive/live"],
    libraries: ["node:", "p-limit", "zod"],
    because: "it writes files and their index, and is asked for frames by whoever shows them live",
  },
  {
    room: "archive/live",
    may: ["archive", "media", "shared/archive-api"],
    types: ["archive/recorder"],
    libraries: ["node:"],
    because: "frames are handed to it as they come; it starts no recorder",
  },
  {
    room: "archive/playback",
    may: [...FILES_AND_INDEX, "archive/recorder", "shared/archive-api"],
    types: ["shared/domain"],
    libraries: ["node:", "p-limit"],
    because: "it reads files; what is being recorded it asks the recorder for",
  },
  {
    room: "archive/export",
    may: [...FILES_AND_INDEX, "archive/camera-time", "shared/domain", "streams"],
    types: ["shared/archive-api"],
    libraries: ["node:", "p-limit"],
    because:
      "an export is made of files and the index alone, so that it is the same whenever it is asked for",
  },
  {
    room: "archive/retention",
    may: ["archive", "archive/index"],
    types: ["shared/archive-api"],
    libraries: ["node:", "zod"],
    because: "it alone deletes, by the index",
  },
  {
    room: "archive/check",
    may: [...FILES_AND_INDEX, "archive/recorder", "shared/archive-api"],
    libraries: ["node:"],
    because: "it compares files with the index",
  },
  {
    room: "archive/http",
    may: [
      ...["archive", "archive/cameras", "archive/index", "archive/playback", "archive/recorder"],
      ...["shared/archive-api", "shared/domain", "shared/http"],
    ],
    types: ["archive/export", "archive/live", "archive/retention"],
    libraries: ["node:", "@fastify/cors", "fastify", "zod"],
    because: "it parses, asks and answers; what it asks is built above it",
  },
];

const REQUESTS = "evidence-service/http";
const ROWS = "evidence-service/storage";
const TRAIL = "evidence-service/audit";
const PUT_TOGETHER = "evidence-service/service-context.ts";

const SERVICE: readonly Wall[] = [
  {
    room: "evidence-service",
    may: [
      ...["evidence-service/administration", "evidence-service/api", TRAIL, "evidence-service/blobs"],
      ...["evidence-service/consolidation", REQUESTS, "evidence-service/jobs", "evidence-service/operation"],
      ...["evidence-service/search", "evidence-service/site", ROWS, "evidence-service/verification"],
      ...["evidence-service/web", "shared/process", "streams"],
    ],
    libraries: ["node:", "fastify", "zod"],
    because:
      "it puts the service together, which runs alone in plain Node: it knows neither console nor archive",
  },
  {
    room: ROWS,
    may: ["streams"],
    libraries: ["node:", "better-sqlite3", "kysely", "zod"],
    because: "rows and files that are durable are what all else stands on",
  },
  {
    room: "evidence-service/site",
    may: [ROWS, "shared/clearance-api"],
    libraries: ["node:", "better-sqlite3", "zod"],
    because: "it is what the folder of one service holds besides evidence",
  },
  {
    room: "evidence-service/jobs",
    may: [ROWS],
    libraries: [],
    because: "it runs whatever is handed to it, in turn",
  },
  {
    room: "evidence-service/decryption",
    may: [ROWS, "shared/clearance-api", "streams"],
    types: ["media"],
    libraries: ["node:", "zod"],
    because: "it opens what is stored, for whoever reads it",
  },
  {
    room: REQUESTS,
    may: ["evidence-service/decryption", ROWS, "shared/domain", "shared/http"],
    libraries: ["@fastify/cookie", "fastify", "zod"],
    because: "it is what every request meets; records, blobs and pages stand on it",
  },
  {
    room: "evidence-service/search",
    may: [REQUESTS],
    libraries: ["node:", "better-sqlite3", "zod"],
    because: "it finds words in a thread of its own, and is asked by records",
  },
  {
    room: TRAIL,
    may: ["evidence-service/decryption", REQUESTS, "evidence-service/site", ROWS],
    types: [PUT_TOGETHER],
    libraries: ["node:", "better-sqlite3", "kysely", "zod"],
    because: "all that change or show evidence write into it; it knows none of them",
  },
  {
    room: "evidence-service/blobs",
    may: [TRAIL, REQUESTS, "evidence-service/site", ROWS, "shared/http", "streams"],
    libraries: ["node:", "@azure/storage-blob", "fastify", "kysely", "zod"],
    because: "it keeps bytes, whatever they are of",
  },
  {
    room: "evidence-service/api",
    may: [
      ...["evidence-service/doorkeeper.ts", PUT_TOGETHER, TRAIL, "evidence-service/decryption", REQUESTS],
      ...["evidence-service/jobs", "evidence-service/site", ROWS, "shared/clearance-api", "shared/domain"],
    ],
    libraries: ["node:", "fastify", "jose", "kysely", "p-limit", "zod"],
    because: "it is the records of cases, evidences and files, as the public API speaks of them",
  },
  {
    room: "evidence-service/verification",
    may: [
      ...[PUT_TOGETHER, "evidence-service/api", TRAIL, "evidence-service/decryption", REQUESTS, ROWS],
      ...["shared/clearance-api", "shared/manifest"],
    ],
    types: ["shared/web-api"],
    libraries: ["node:", "p-limit", "zod"],
    because: "it compares what is stored with what was sent and signed",
  },
  {
    room: "evidence-service/consolidation",
    may: [
      ...[PUT_TOGETHER, "evidence-service/api", TRAIL, "evidence-service/decryption", REQUESTS],
      ...["evidence-service/verification", "media", "shared/clearance-api", "shared/domain", "shared/http"],
    ],
    types: ["evidence-service/jobs", "shared/web-api"],
    libraries: ["node:", "fastify", "p-limit", "zod"],
    because: "it joins verified segments into one video and gives it out",
  },
  {
    room: "evidence-service/web",
    may: [
      ...[PUT_TOGETHER, "evidence-service/api", TRAIL, "evidence-service/consolidation"],
      ...["evidence-service/decryption", REQUESTS, ROWS, "evidence-service/verification"],
      ...["shared/domain", "shared/web-api"],
    ],
    types: ["shared/clearance-api"],
    libraries: ["node:", "@fastify/static", "fastify", "rate-limiter-flexible", "zod"],
    because: "it answers the web application, from all that the service knows",
  },
  {
    room: "evidence-service/operation",
    may: ["evidence-service/blobs", REQUESTS],
    types: [ROWS],
    libraries: ["fastify", "kysely", "prom-client", "zod"],
    because: "it tells whoever runs the service how it is",
  },
  {
    room: "evidence-service/administration",
    may: [
      ...[
        TRAIL,
        "evidence-service/site",
        ROWS,
        "evidence-service/web",
        "shared/clearance-api",
        "shared/domain",
      ],
    ],
    types: [REQUESTS],
    libraries: ["node:"],
    because: "its commands work on a service's folder that nobody serves meanwhile",
  },
  {
    room: "evidence-service/web-app",
    may: ["shared/clearance-api", "shared/domain", "shared/page", "shared/web-api", "shared/words"],
    libraries: [
      ...["react", "react-dom", "react-aria-components", "@tanstack/react-query", "@tanstack/react-virtual"],
      ...["temporal-polyfill", "video.js", "zod", "zustand"],
    ],
    because: "it is a page in a browser, and reaches the service over HTTP alone",
  },
  {
    room: "evidence-service/web-app/vite.config.ts",
    may: [],
    libraries: ["node:", "vite", "@vitejs/plugin-react"],
    because: "it builds the page and is no part of it",
  },
];

const EVERY_LIBRARY = "*";
const ALL_THAT_SHIPS = ["shared", "media", "streams", "renderer", "electron", "archive", "evidence-service"];

const NOT_SHIPPED: readonly Wall[] = [
  {
    room: "archive/test-archive",
    may: ["archive", "media", "shared/archive-api", "shared/domain"],
    libraries: [EVERY_LIBRARY],
    because: "it is an archive for tests, its cameras among it",
  },
  {
    room: "evidence-service/test-console",
    may: ["evidence-service", "media", "shared", "streams"],
    libraries: [EVERY_LIBRARY],
    because: "it is a console for tests of the service",
  },
  {
    room: "dev",
    may: ALL_THAT_SHIPS,
    libraries: [EVERY_LIBRARY],
    because: "it is what developers run: it knows the program, and not its specs and benchmarks",
  },
  {
    room: "dev/structure",
    may: [],
    libraries: ["node:", "vite"],
    because: "it measures files, whatever is in them",
  },
  {
    room: "bench",
    may: [...ALL_THAT_SHIPS, "dev", "e2e"],
    libraries: [EVERY_LIBRARY],
    because: "it measures the program as it is",
  },
  {
    room: "e2e",
    may: ["dev", "shared", "archive/test-archive"],
    libraries: [EVERY_LIBRARY],
    because: "end-to-end specs know the interface and the public contracts, never the code behind them",
  },
];

export const WALLS: readonly Wall[] = [
  ...[...SHARED, ...RENDERER, ...CONSOLE, ...ARCHIVE, ...SERVICE],
  ...NOT_SHIPPED,
];

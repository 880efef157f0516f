/** The console's page. */
import type { Wall } from "./wall.ts";

const FEATURE = "a feature knows no other one, so that each can be placed elsewhere";

export const RENDERER: readonly Wall[] = [
  {
    room: "renderer/main.tsx",
    may: ["renderer/app-shell", "design-system/*", "renderer/main-process-client", "shared/page"],
    libraries: ["react", "react-dom"],
    because: "it puts the page together; a page is sandboxed and has neither Node nor Electron",
  },
  {
    room: "renderer/app-shell",
    may: [
      "renderer/features/*",
      "design-system/*",
      "renderer/main-process-client",
      "shared/domain",
      "shared/words",
      "shared/page",
    ],
    types: ["shared/ipc-contract"],
    libraries: ["react", "react-aria-components", "@tanstack/react-query", "zod"],
    because: "it alone knows all features, and arranges them",
  },
  {
    room: "renderer/features/area-view",
    may: ["design-system/*", "renderer/main-process-client", "shared/domain", "shared/page", "shared/words"],
    libraries: ["react", "@tanstack/react-virtual"],
    because: `it lists cameras, wherever they are dragged to; ${FEATURE}`,
  },
  {
    room: "renderer/features/camera-tiles",
    may: [
      ...[
        "renderer/features/camera-tiles/archive-video",
        "renderer/features/camera-tiles/live-frames",
        "design-system/*",
        "renderer/main-process-client",
        "shared/domain",
        "shared/words",
        "shared/page",
      ],
      "shared/archive-api",
    ],
    types: ["shared/ipc-contract"],
    libraries: ["react", "zod", "zustand"],
    because: `${FEATURE}; tiles read pictures from the archive themselves, over HTTP`,
  },
  {
    room: "renderer/features/camera-tiles/archive-video",
    may: ["shared/archive-api", "shared/page"],
    types: ["shared/domain", "shared/ipc-contract"],
    libraries: ["video.js"],
    because:
      "pictures that are live and pictures that are recorded stand on it; it alone knows video.js, and no tile",
  },
  {
    room: "renderer/features/camera-tiles/live-frames",
    may: [
      "renderer/features/camera-tiles/archive-video",
      "renderer/main-process-client",
      "shared/archive-api",
    ],
    types: ["shared/ipc-contract"],
    libraries: [],
    because: "it takes the one answer with all live frames apart, and draws nothing but frames",
  },
  {
    room: "renderer/features/export-timeline",
    may: ["renderer/main-process-client", "shared/domain", "shared/words", "shared/page"],
    libraries: ["react", "temporal-polyfill", "zod", "zustand"],
    because: `it marks ranges on lines that it draws itself, without the design system; ${FEATURE}`,
  },
  {
    room: "renderer/features/export-wizard",
    may: [
      "design-system/*",
      "renderer/main-process-client",
      "shared/domain",
      "shared/words",
      "shared/page",
      "shared/ipc-contract",
    ],
    libraries: ["react", "react-dom", "react-aria-components", "zod", "zustand"],
    because: `${FEATURE}; a draft that is kept is read back by the contract's rules`,
  },
  {
    room: "renderer/features/logon",
    may: ["design-system/*", "renderer/main-process-client", "shared/domain", "shared/words"],
    types: ["shared/ipc-contract"],
    libraries: ["react"],
    because: `it asks who is there before any other feature may be shown; ${FEATURE}`,
  },
  {
    room: "renderer/features/notification-tray",
    may: ["design-system/*", "renderer/main-process-client", "shared/domain", "shared/words", "shared/page"],
    types: ["shared/ipc-contract"],
    libraries: ["react", "react-aria-components", "@tanstack/react-virtual", "zustand"],
    because: `it shows exports by their states, whoever began them; ${FEATURE}`,
  },
  {
    room: "renderer/features/settings",
    may: ["design-system/*", "renderer/main-process-client", "shared/domain", "shared/words", "shared/page"],
    types: ["shared/ipc-contract"],
    libraries: ["react", "react-aria-components", "@tanstack/react-virtual"],
    because: `it shows and saves what main keeps, and decides nothing by it; ${FEATURE}`,
  },
  {
    room: "renderer/main-process-client",
    may: ["shared/domain", "shared/words", "shared/ipc-contract"],
    libraries: ["react", "@tanstack/react-query", "zustand"],
    because: "it is the page's only way to main: features build on it, and it knows none",
  },
];

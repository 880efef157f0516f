/** The evidence service's pages. */
import type { Wall } from "./wall.ts";

export const WEB_APP: readonly Wall[] = [
  {
    room: "web-app",
    may: [
      ...["design-system", "design-system/components", "shared/page"],
      ...["web-app/history", "web-app/pages", "web-app/service-client"],
    ],
    libraries: ["react", "react-dom", "@tanstack/react-query", "zod"],
    because: "it puts the pages together in a browser, and reaches the service over HTTP alone",
  },
  {
    room: "web-app/pages",
    may: [
      ...["design-system/*", "shared/clearance-api", "shared/domain", "shared/page", "shared/words"],
      ...["web-app/history", "web-app/player", "web-app/service-client", "web-app/wall-clock"],
      "shared/web-api/audit-actions.ts",
    ],
    types: ["shared/web-api"],
    libraries: ["react", "react-aria-components", "uqr"],
    because:
      "a page shows what the service answers; it asks by the client alone and plays by the player alone",
  },
  {
    room: "web-app/player",
    may: [
      ...["design-system/components", "shared/domain", "shared/page", "shared/words"],
      ...["web-app/service-client", "web-app/wall-clock"],
    ],
    types: ["shared/web-api"],
    libraries: ["react", "video.js"],
    because: "it alone knows video.js, and plays an evidence on whatever page it stands",
  },
  {
    room: "web-app/wall-clock",
    may: ["shared/domain", "shared/words"],
    types: ["shared/web-api"],
    libraries: ["temporal-polyfill", "zustand"],
    because:
      "it reckons between instants of the cameras and positions in a video; it draws nothing and asks for nothing",
  },
  {
    room: "web-app/service-client",
    may: ["shared/problem", "shared/web-api"],
    libraries: ["@simplewebauthn/browser", "@tanstack/react-query", "zod"],
    because: "it is the only way to the service: it parses answers by the contract and knows no page",
  },
  {
    room: "web-app/history",
    may: [],
    libraries: ["react"],
    because: "it is the browser's history of addresses, whatever page stands behind one",
  },
  {
    room: "web-app/vite.config.ts",
    may: [],
    libraries: ["node:", "vite", "@vitejs/plugin-react"],
    because: "it builds the page and is no part of it",
  },
];

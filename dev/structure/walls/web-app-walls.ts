/** The evidence service's pages. */
import type { Wall } from "./wall.ts";

export const WEB_APP: readonly Wall[] = [
  {
    room: "web-app",
    may: [
      "design-system",
      "shared/clearance-api",
      "shared/domain",
      "shared/page",
      "shared/web-api",
      "shared/words",
    ],
    libraries: [
      ...["react", "react-dom", "react-aria-components", "@tanstack/react-query"],
      ...["temporal-polyfill", "video.js", "zod", "zustand"],
    ],
    because: "it is a page in a browser, and reaches the service over HTTP alone",
  },
  {
    room: "web-app/vite.config.ts",
    may: [],
    libraries: ["node:", "vite", "@vitejs/plugin-react"],
    because: "it builds the page and is no part of it",
  },
];

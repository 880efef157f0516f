/** The console's page. */
import type { Wall } from "./wall.ts";

const PAGE = ["design-system", "renderer/main-process-client"];
const WORDS_OF_PAGE = ["shared/domain", "shared/words", "shared/page"];
const REACT = ["react", "react-dom", "react-aria-components"];
const FEATURE =
  "a feature knows no other one, so that each can be placed elsewhere; what two of them need lies below both";

export const RENDERER: readonly Wall[] = [
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
];

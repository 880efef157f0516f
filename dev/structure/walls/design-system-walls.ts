/** What both pages look like. */
import type { Wall } from "./wall.ts";

const WORDS = ["shared/domain", "shared/words", "shared/page"];

export const DESIGN_SYSTEM: readonly Wall[] = [
  {
    room: "design-system",
    may: [],
    libraries: [],
    because: "what both pages begin with is a sheet of style alone",
  },
  {
    room: "design-system/icons",
    may: [],
    libraries: ["lucide-react"],
    because: "it alone knows whose drawings these are",
  },
  {
    room: "design-system/components",
    may: ["design-system/icons", ...WORDS],
    libraries: ["react", "react-dom", "react-aria-components", "zustand"],
    because: "it knows how things look and are used, not what they are about",
  },
  {
    room: "design-system/date-time-field",
    may: ["design-system/components", "design-system/icons", ...WORDS],
    libraries: ["react", "react-aria-components", "temporal-polyfill"],
    because: "it reads a time as people type it, and knows nothing of what the time is for",
  },
  {
    room: "design-system/tables",
    may: ["shared/page"],
    libraries: ["react", "@tanstack/react-virtual"],
    because: "it shows records of any kind, however many",
  },
];

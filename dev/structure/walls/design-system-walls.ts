/** What both pages look like. */
import type { Wall } from "./wall.ts";

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
    may: ["design-system/icons", "shared/domain", "shared/words", "shared/page"],
    libraries: ["react", "react-dom", "react-aria-components", "zustand"],
    because: "it knows how things look and are used, not what they are about",
  },
  {
    room: "design-system/date-time-field",
    may: [
      ...["design-system/components", "design-system/date-time-field/typed-instant"],
      "shared/words",
      "shared/page",
    ],
    libraries: ["react", "react-aria-components", "temporal-polyfill"],
    because: "it is a field for a time, and knows nothing of what the time is for",
  },
  {
    room: "design-system/date-time-field/typed-instant",
    may: ["shared/domain", "shared/words"],
    libraries: ["temporal-polyfill"],
    because: "it reads a time as people type it: text in, an instant out, whatever field it was typed into",
  },
  {
    room: "design-system/tables",
    may: ["shared/page"],
    libraries: ["react", "@tanstack/react-virtual"],
    because: "it shows records of any kind, however many",
  },
];

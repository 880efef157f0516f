/** What both pages look like. */
import type { Wall } from "./wall.ts";

export const DESIGN_SYSTEM: readonly Wall[] = [
  {
    room: "design-system",
    may: ["shared/domain", "shared/words", "shared/page"],
    libraries: ["react", "react-dom", "react-aria-components", "temporal-polyfill", "zustand"],
    because: "it knows how things look and are used, not what they are about",
  },
];

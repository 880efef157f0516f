/** Patterns of tiles that the library has no drawing for, on its grid of 24 units and in its manner. */
import { createLucideIcon } from "lucide-react";

const FRAME = ["rect", { x: "3", y: "3", width: "18", height: "18", rx: "2", key: "frame" }] as const;

/** One large tile with five around it. */
export const Grid1And5 = createLucideIcon("grid-1-and-5", [
  [...FRAME],
  ["path", { d: "M15 3v18M3 15h18M9 15v6M15 9h6", key: "lines" }],
]);

export const Grid4x4 = createLucideIcon("grid-4x4", [
  [...FRAME],
  ["path", { d: "M7.5 3v18M12 3v18M16.5 3v18M3 7.5h18M3 12h18M3 16.5h18", key: "lines" }],
]);

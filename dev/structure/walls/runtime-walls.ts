/** The ground that archive, evidence service and console stand on; it knows none of them, nor the domain. */
import type { Wall } from "./wall.ts";

export const RUNTIME: readonly Wall[] = [
  { room: "runtime/streams", may: [], libraries: ["node:"], because: "it moves bytes, whatever they mean" },
  {
    room: "runtime/process",
    may: [],
    libraries: ["node:", "zod"],
    because: "it starts and ends a program, whatever that does",
  },
];

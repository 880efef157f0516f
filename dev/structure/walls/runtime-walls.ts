/** The ground that archive, evidence service and console stand on; it knows none of them, nor the domain. */
import type { Wall } from "./wall.ts";

export const RUNTIME: readonly Wall[] = [
  { room: "runtime/streams", may: [], libraries: ["node:"], because: "it moves bytes, whatever they mean" },
  { room: "runtime/cache", may: [], libraries: [], because: "it keeps what was made, whatever that is" },
  {
    room: "runtime/files",
    may: ["runtime/streams"],
    libraries: ["node:", "better-sqlite3", "zod"],
    because: "it keeps files whole, whatever is in them, and a folder one program's",
  },
  {
    room: "runtime/http",
    may: [],
    types: ["shared/problem"],
    libraries: ["node:", "fastify", "zod"],
    because: "it is about requests and their answers, whoever gives them and of what",
  },
  {
    room: "runtime/process",
    may: [],
    libraries: ["node:", "zod"],
    because: "it starts and ends a program, whatever that does",
  },
  {
    room: "runtime/tls",
    may: [],
    libraries: ["node:"],
    because: "it tells what an address shows of itself, to whoever it was refused by",
  },
];

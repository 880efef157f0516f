/** What developers run, and what only tests use. */
import type { Wall } from "./wall.ts";

const EVERY_LIBRARY = "*";
const ALL_THAT_SHIPS = [
  ...["shared", "media", "runtime", "design-system", "renderer", "web-app", "electron", "archive"],
  "evidence-service",
];

export const NOT_SHIPPED: readonly Wall[] = [
  {
    room: "archive/testing",
    may: ["archive", "media", "shared/archive-api", "shared/domain"],
    libraries: [EVERY_LIBRARY],
    because: "it is an archive for tests, its cameras among it",
  },
  {
    room: "evidence-service/testing",
    may: ["evidence-service", "media", "shared", "runtime"],
    libraries: [EVERY_LIBRARY],
    because: "it is a console for tests of the service",
  },
  {
    room: "dev",
    may: ALL_THAT_SHIPS,
    libraries: [EVERY_LIBRARY],
    because: "it is what developers run: it knows the program, and not what proves it",
  },
  {
    room: "dev/structure",
    may: [],
    libraries: ["node:", "vite"],
    because: "it measures files, whatever is in them",
  },
  {
    room: "proofs",
    may: [...ALL_THAT_SHIPS, "dev"],
    libraries: [EVERY_LIBRARY],
    because: "it tries what was promised of the program, which knows nothing of it",
  },
  {
    room: "proofs/benchmarks",
    may: [...ALL_THAT_SHIPS, "dev", "proofs", "e2e"],
    libraries: [EVERY_LIBRARY],
    because: "it measures the program as it is",
  },
  {
    room: "e2e",
    may: ["dev", "proofs", "shared", "runtime/process", "archive/testing", "evidence-service/testing"],
    libraries: [EVERY_LIBRARY],
    because:
      "end-to-end specs know the interface and the public contracts, the ready line among them, never the code behind them",
  },
];

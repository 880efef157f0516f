/** What only tests use, beside what they try. */
import { EVERY_LIBRARY } from "./every-library.ts";
import type { Wall } from "./wall.ts";

export const FOR_TESTS: readonly Wall[] = [
  {
    room: "archive/testing",
    withFolders: true,
    may: ["archive/ground", "archive/index"],
    types: ["shared/archive-api"],
    libraries: [EVERY_LIBRARY],
    because: "it is an archive for tests, its cameras among it",
  },
  {
    room: "evidence-service/testing",
    may: ["evidence-service/*", "media", "shared/*", "runtime/*"],
    libraries: [EVERY_LIBRARY],
    because: "it is a console for tests of the service",
  },
];

/** What all sides stand on. */
import type { Wall } from "./wall.ts";

const CONTRACTS_ALONE = "it knows no other contract, so that each pair of sides can change alone";

export const SHARED: readonly Wall[] = [
  {
    room: "shared/domain",
    may: ["shared/domain/advice"],
    libraries: [],
    because: "everything knows the domain, so it knows nothing, not even a library",
  },
  {
    room: "shared/domain/advice",
    may: [],
    libraries: [],
    because: "it is what people are told to do, by the code of what failed: text without a rule in it",
  },
  {
    room: "shared/words",
    may: ["shared/domain"],
    libraries: ["temporal-polyfill"],
    because: "it says instants, durations and amounts alike for all sides and knows none of them",
  },
  {
    room: "shared/page",
    may: [],
    libraries: [],
    because: "it is about focus and keys of any page: it knows the browser and nothing of ours",
  },
  {
    room: "shared/problem",
    may: [],
    libraries: ["zod"],
    because: "both services refuse in one shape, and all who ask them read it: it knows no code of either",
  },
  {
    room: "shared/archive-api",
    may: ["shared/domain"],
    libraries: ["zod"],
    because: `archive and console agree on it; ${CONTRACTS_ALONE}`,
  },
  {
    room: "shared/clearance-api",
    may: ["shared/domain"],
    libraries: ["zod"],
    because: `the service and whoever sends to it agree on it; ${CONTRACTS_ALONE}`,
  },
  {
    room: "shared/web-api",
    may: [],
    libraries: ["zod"],
    because: `the service and its pages agree on it; ${CONTRACTS_ALONE}`,
  },
  {
    room: "shared/ipc-contract",
    may: ["shared/domain"],
    libraries: ["zod"],
    because: `main process and page agree on it; ${CONTRACTS_ALONE}`,
  },
  {
    room: "shared/manifest",
    may: ["shared/domain", "shared/clearance-api"],
    libraries: ["zod"],
    because: "a manifest names what was sent as the service names it",
  },
  { room: "media", may: [], libraries: ["node:"], because: "it reads and writes MP4, whoever asks" },
];

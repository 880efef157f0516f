/** The archive. */
import type { Wall } from "./wall.ts";

const FILES_AND_INDEX = ["archive/ground", "archive/index", "media"];

export const ARCHIVE: readonly Wall[] = [
  {
    room: "archive",
    may: [
      ...["archive/check", "archive/export", "archive/ground", "archive/http", "archive/index"],
      ...["archive/live", "archive/playback", "archive/recorder", "archive/retention"],
      ...["runtime/files", "runtime/process", "shared/words"],
    ],
    types: ["shared/archive-api"],
    libraries: ["node:"],
    because:
      "it puts the archive together, which runs alone in plain Node: it knows neither console nor service",
  },
  {
    room: "archive/ground",
    may: [],
    types: ["shared/archive-api"],
    libraries: ["node:"],
    because:
      "every room of the archive stands on it: where files lie, what a failure is, how work is done in steps; it knows no room",
  },
  {
    room: "archive/cameras",
    may: ["archive/ground", "shared/archive-api", "shared/domain", "runtime/files"],
    libraries: ["node:", "zod"],
    because: "it keeps what cameras are called and where they are; it records nothing",
  },
  {
    room: "archive/index",
    may: [
      "archive/ground",
      "archive/cameras",
      "media",
      "shared/archive-api",
      "shared/domain",
      "runtime/files",
      "shared/words",
    ],
    libraries: ["node:", "better-sqlite3", "zod"],
    because: "it knows what files hold; who writes and reads them stands above it",
  },
  {
    room: "archive/camera-time",
    may: ["archive/ground", "archive/index", "runtime/files"],
    types: ["archive/export", "shared/archive-api", "shared/domain"],
    libraries: ["node:", "zod"],
    because: "it keeps what a camera's own clock said, beside the index",
  },
  {
    room: "archive/recorder",
    may: [
      ...[...FILES_AND_INDEX, "archive/cameras", "archive/recorder/frames", "archive/recorder/rtsp-gate"],
      ...["shared/archive-api", "shared/words", "runtime/cache", "runtime/files"],
    ],
    types: ["shared/domain"],
    libraries: ["node:", "p-limit", "zod"],
    because: "it writes files and their index, and is asked for frames by whoever shows them live",
  },
  {
    room: "archive/recorder/frames",
    may: [...FILES_AND_INDEX, "archive/camera-time", "shared/domain", "runtime/files"],
    libraries: ["node:"],
    because: "it dates frames and cuts them into files as they come; it starts no ffmpeg and opens no line",
  },
  {
    room: "archive/recorder/rtsp-gate",
    may: ["archive/recorder/frames", "shared/archive-api"],
    libraries: ["node:"],
    because: "it speaks RTSP between a camera and ffmpeg, and keeps nothing of what it passes on",
  },
  {
    room: "archive/live",
    may: ["archive/ground", "media", "shared/archive-api"],
    types: ["archive/recorder/frames"],
    libraries: ["node:"],
    because: "frames are handed to it as they come; it starts no recorder",
  },
  {
    room: "archive/playback",
    may: [
      ...[...FILES_AND_INDEX, "archive/recorder"],
      ...["shared/archive-api", "runtime/cache", "runtime/files"],
    ],
    libraries: ["node:", "p-limit"],
    because: "it reads files; what is being recorded it asks the recorder for",
  },
  {
    room: "archive/export",
    may: [
      ...FILES_AND_INDEX,
      "archive/camera-time",
      "shared/domain",
      "runtime/streams",
      "runtime/cache",
      "shared/words",
    ],
    types: ["shared/archive-api"],
    libraries: ["node:", "p-limit"],
    because:
      "an export is made of files and the index alone, so that it is the same whenever it is asked for",
  },
  {
    room: "archive/retention",
    may: ["archive/ground", "archive/index", "runtime/files", "shared/words"],
    types: ["shared/archive-api"],
    libraries: ["node:", "zod"],
    because: "it alone deletes, by the index",
  },
  {
    room: "archive/check",
    may: [...FILES_AND_INDEX, "archive/recorder", "shared/archive-api", "shared/words"],
    libraries: ["node:"],
    because: "it compares files with the index",
  },
  {
    room: "archive/http",
    may: [
      ...["archive/ground", "archive/cameras", "archive/index", "archive/playback", "archive/recorder"],
      ...["shared/archive-api", "shared/domain", "runtime/http"],
    ],
    types: ["archive/export", "archive/live", "archive/retention", "shared/problem"],
    libraries: ["node:", "@fastify/cors", "fastify", "zod"],
    because: "it parses, asks and answers; what it asks is built above it",
  },
];

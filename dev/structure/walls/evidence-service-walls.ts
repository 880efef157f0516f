/** The evidence service. */
import type { Wall } from "./wall.ts";

const REQUESTS = "evidence-service/http";
const ROWS = "evidence-service/storage";
const POSTGRES = "evidence-service/storage/postgres";
const AZURE = "evidence-service/blobs/azure";
const S3 = "evidence-service/blobs/s3";
const TRAIL = "evidence-service/audit";
const CONTEXT = "evidence-service/context";
const KEYS = "evidence-service/keys";
const RIGHTS = "evidence-service/rights";
const CASEWORK = "evidence-service/casework";
const RETENTION = "evidence-service/retention";
const MAIL = "evidence-service/mail";
const PEOPLE = "evidence-service/people";
const FACTORS = "evidence-service/second-factor";
const ACCOUNTS = "evidence-service/accounts";

export const SERVICE: readonly Wall[] = [
  {
    room: "evidence-service",
    may: [
      ...[
        "evidence-service/administration",
        "evidence-service/api",
        TRAIL,
        "evidence-service/backup",
        "evidence-service/blobs",
        "evidence-service/blobs/place",
      ],
      ...["evidence-service/consolidation", REQUESTS, "evidence-service/jobs", KEYS],
      ...["evidence-service/operation", "evidence-service/moving", MAIL, PEOPLE, ACCOUNTS],
      ...[
        "evidence-service/catalogue",
        RETENTION,
        RIGHTS,
        "evidence-service/history",
        "evidence-service/search",
        "evidence-service/site",
        ROWS,
        POSTGRES,
        "evidence-service/verification",
      ],
      ...["evidence-service/web", CONTEXT, "runtime/process"],
      "runtime/files",
    ],
    libraries: ["node:", "fastify", "zod"],
    because:
      "it puts the service together, which runs alone in plain Node: it knows neither console nor archive",
  },
  {
    room: CONTEXT,
    may: [],
    types: [REQUESTS, "evidence-service/jobs", "evidence-service/search", "evidence-service/site", ROWS],
    libraries: [],
    because: "it says what every room is given, by the types alone: who makes that stands above",
  },
  {
    room: ROWS,
    may: ["runtime/files", "runtime/streams", "shared/words"],
    libraries: ["node:", "better-sqlite3", "kysely", "zod"],
    because: "rows and files that are durable are what all else stands on, whichever engine keeps them",
  },
  {
    room: POSTGRES,
    may: [ROWS],
    libraries: ["node:", "kysely", "pg"],
    because: "it alone speaks to PostgreSQL: who starts the service chooses it, the others have rows",
  },
  {
    room: "evidence-service/site",
    may: [ROWS, POSTGRES, "shared/clearance-api", "runtime/files", "shared/domain", "shared/words"],
    libraries: ["node:", "zod"],
    because: "it is what the folder of one service holds besides evidence",
  },
  {
    room: "evidence-service/jobs",
    may: [ROWS, POSTGRES],
    libraries: ["node:", "kysely", "pg-boss"],
    because: "it runs whatever is handed to it, in turn",
  },
  {
    room: "evidence-service/decryption",
    may: [ROWS, "shared/clearance-api", "runtime/streams", "shared/words"],
    types: ["media"],
    libraries: ["node:", "zod"],
    because: "it opens what is stored, for whoever reads it",
  },
  {
    room: REQUESTS,
    may: ["evidence-service/decryption", ROWS, "shared/domain", "shared/problem", "runtime/http"],
    libraries: ["@fastify/cookie", "fastify", "zod"],
    because: "it is what every request meets; records, blobs and pages stand on it",
  },
  {
    room: "evidence-service/search",
    may: [REQUESTS, ROWS, POSTGRES, "shared/words"],
    libraries: ["node:", "better-sqlite3", "kysely", "zod"],
    because: "it finds words beside the requests, by the engine that keeps the rows, and is asked by records",
  },
  {
    room: TRAIL,
    may: [
      ...["evidence-service/decryption", REQUESTS, "evidence-service/jobs/job-kinds.ts"],
      ...["evidence-service/site", ROWS, "runtime/files", "shared/web-api", "shared/words"],
    ],
    types: [CONTEXT, "evidence-service/jobs"],
    libraries: ["node:", "better-sqlite3", "kysely", "zod"],
    because: "all that change or show evidence write into it; it knows none of them",
  },
  {
    room: RIGHTS,
    may: [TRAIL, REQUESTS, ROWS, "shared/domain", "shared/web-api"],
    types: [CONTEXT],
    libraries: ["kysely", "zod"],
    because: "it alone decides who may do what, from rows; every other room asks it",
  },
  {
    room: "evidence-service/catalogue",
    may: [TRAIL, REQUESTS, ROWS, "shared/domain", "shared/web-api", "shared/words"],
    types: [CONTEXT],
    libraries: ["node:", "kysely", "zod"],
    because: "it keeps what new cases choose from; cases and people know it by its rows",
  },
  {
    room: CASEWORK,
    may: [TRAIL, REQUESTS, ROWS, "shared/domain", "shared/web-api"],
    types: [CONTEXT],
    libraries: ["node:", "zod"],
    because: "it keeps what people say of a case among themselves; who sees it is decided by the route",
  },
  {
    room: RETENTION,
    may: [
      ...[TRAIL, REQUESTS, "evidence-service/jobs", ROWS],
      ...["shared/domain", "shared/web-api", "shared/words"],
    ],
    types: [CONTEXT],
    libraries: ["kysely", "zod"],
    because: "it alone says when evidence goes, and takes it away; cases and people know it by its rows",
  },
  {
    room: "evidence-service/blobs",
    may: [
      ...[TRAIL, REQUESTS, "evidence-service/site", ROWS],
      ...["runtime/http", "runtime/streams", "runtime/files", "shared/words"],
    ],
    libraries: ["node:", "fastify", "kysely", "zod"],
    because: "it keeps bytes, whatever they are of and wherever they lie; no client of a cloud is known here",
  },
  {
    room: "evidence-service/blobs/place",
    may: [
      TRAIL,
      "evidence-service/blobs",
      AZURE,
      S3,
      "evidence-service/site",
      ROWS,
      "runtime/files/missing-file.ts",
    ],
    libraries: ["node:"],
    because: "it alone knows all stores, and opens the one that the settings name",
  },
  {
    room: AZURE,
    may: ["evidence-service/site", ROWS, "runtime/files/missing-file.ts", "runtime/tls", "shared/words"],
    libraries: ["node:", "@azure/storage-blob", "zod"],
    because: "it alone speaks to a container in Azure, as a store of bytes",
  },
  {
    room: S3,
    may: [
      "evidence-service/blobs",
      AZURE,
      "evidence-service/site",
      ROWS,
      "runtime/cache",
      "runtime/streams",
      "shared/words",
    ],
    libraries: ["node:", "@aws-sdk/client-s3", "kysely", "zod"],
    because: "it alone speaks to a bucket of S3, as a store of bytes",
  },
  {
    room: "evidence-service/api",
    may: [
      ...[TRAIL, "evidence-service/decryption", REQUESTS, RETENTION, RIGHTS],
      ...["evidence-service/jobs", "evidence-service/site", ROWS, "shared/clearance-api", "shared/domain"],
      "runtime/cache",
      "shared/words",
    ],
    types: [CONTEXT],
    libraries: ["node:", "fastify", "jose", "kysely", "p-limit", "zod"],
    because: "it is the records of cases, evidence and files, as the public API speaks of them",
  },
  {
    room: KEYS,
    may: [TRAIL, "evidence-service/decryption", "evidence-service/jobs", "evidence-service/site", ROWS],
    types: [CONTEXT],
    libraries: ["node:", "zod"],
    because: "it brings new keys into use; who reads and writes is given the ones in use",
  },
  {
    room: "evidence-service/verification",
    may: [
      ...["evidence-service/api", TRAIL, "evidence-service/decryption", REQUESTS, ROWS],
      ...["evidence-service/jobs", "shared/clearance-api", "shared/manifest", "shared/web-api"],
      "shared/words",
    ],
    types: [CONTEXT],
    libraries: ["node:", "p-limit", "zod"],
    because: "it compares what is stored with what was sent and signed",
  },
  {
    room: "evidence-service/consolidation",
    may: [
      ...["evidence-service/api", TRAIL, "evidence-service/decryption", REQUESTS],
      ...["evidence-service/verification", "media", "shared/clearance-api", "shared/domain", "runtime/http"],
      `${ROWS}/iso-instant.ts`,
      "runtime/cache",
      "shared/words",
    ],
    types: [
      ...[CONTEXT, "evidence-service/jobs", `${ROWS}/metadata-rows.ts`, `${ROWS}/metadata-tables.ts`],
      "shared/web-api",
    ],
    libraries: ["node:", "fastify", "kysely", "p-limit", "zod"],
    because: "it joins verified segments into one video and gives it out",
  },
  {
    room: FACTORS,
    may: [
      ...[TRAIL, "evidence-service/decryption", REQUESTS, RIGHTS, ROWS, "shared/domain", "shared/web-api"],
    ],
    types: [CONTEXT],
    libraries: ["node:", "@simplewebauthn/server", "otpauth", "zod"],
    because: "it is what people show beside a password; who asks for it, and when, stands in the rooms above",
  },
  {
    room: "evidence-service/web",
    may: [
      ...["evidence-service/api", CASEWORK, FACTORS, TRAIL, "evidence-service/consolidation"],
      ...["evidence-service/decryption", REQUESTS, RIGHTS, ROWS, "evidence-service/verification"],
      ...["shared/domain", "shared/web-api"],
      "shared/words",
    ],
    types: [CONTEXT, "shared/clearance-api"],
    libraries: [
      ...["node:", "@fastify/static", "@zxcvbn-ts/language-common", "fastify", "kysely"],
      ...["rate-limiter-flexible", "zod"],
    ],
    because: "it answers the web application, from all that the service knows",
  },
  {
    room: MAIL,
    may: ["evidence-service/site"],
    libraries: ["nodemailer", "zod"],
    because: "it takes messages to a server, and knows nothing of what stands in them",
  },
  {
    room: PEOPLE,
    may: [
      ...[FACTORS, TRAIL, REQUESTS, RIGHTS, ROWS, "evidence-service/web"],
      ...["shared/domain", "shared/web-api", "shared/words"],
    ],
    types: [CONTEXT, MAIL],
    libraries: ["node:", "kysely", "zod"],
    because: "it is the records of people, their links and where they are signed in",
  },
  {
    room: ACCOUNTS,
    may: [
      ...[TRAIL, REQUESTS, PEOPLE, "evidence-service/site", ROWS],
      ...["shared/domain", "shared/web-api"],
    ],
    types: [CONTEXT],
    libraries: ["node:", "zod"],
    because: "it is the records of consoles' and programs' accounts, and of their keys",
  },
  {
    room: "evidence-service/history",
    may: [
      ...["evidence-service/api", TRAIL, REQUESTS, RIGHTS, ROWS, "evidence-service/verification"],
      ...["shared/clearance-api", "shared/web-api"],
    ],
    types: [CONTEXT],
    libraries: ["node:", "zod"],
    because: "it tells who did what, from the trail that all others write",
  },
  {
    room: "evidence-service/operation",
    may: [
      ...["evidence-service/blobs", REQUESTS, "evidence-service/jobs", ROWS],
      ...["shared/web-api", "shared/words"],
    ],
    types: ["evidence-service/blobs/place", KEYS, "evidence-service/site", POSTGRES],
    libraries: ["node:", "fastify", "kysely", "prom-client", "zod"],
    because: "it tells whoever runs the service how it is",
  },
  {
    room: "evidence-service/backup",
    may: [
      ...[TRAIL, "evidence-service/blobs/place", "evidence-service/site"],
      ...[ROWS, POSTGRES, "runtime/files", "shared/words"],
    ],
    types: ["evidence-service/blobs"],
    libraries: ["node:", "p-limit", "pg", "zod"],
    because: "it copies a whole service, and brings it back: what it consists of is known here alone",
  },
  {
    room: "evidence-service/moving",
    may: [
      ...[TRAIL, "evidence-service/backup", "evidence-service/blobs", "evidence-service/blobs/place"],
      ...[
        "evidence-service/jobs",
        "evidence-service/site",
        ROWS,
        POSTGRES,
        "runtime/files",
        "shared/domain",
        "shared/words",
      ],
    ],
    libraries: ["node:", "better-sqlite3", "kysely"],
    because: "it reads one place and fills another, whichever engines and stores they are of",
  },
  {
    room: "evidence-service/administration",
    may: [
      ...[ACCOUNTS, FACTORS, TRAIL, REQUESTS, "evidence-service/site", ROWS, "evidence-service/web"],
      ...["shared/clearance-api", "shared/words", "runtime/files"],
    ],
    libraries: ["node:"],
    because: "its commands work on a service's folder that nobody serves meanwhile",
  },
];

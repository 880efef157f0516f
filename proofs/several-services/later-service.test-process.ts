/** The service as a later version would be: with more migrations. Arguments: --dir DIR --port N. */
import { parseArgs } from "node:util";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import type { PostgresMigration } from "#evidence-service/storage/postgres/bring-forward.ts";
import { POSTGRES_MIGRATIONS } from "#evidence-service/storage/postgres/postgres-schema.ts";
import { sayReady } from "#runtime/process/ready-line.ts";
import { LATER_MIGRATIONS } from "./later-migrations.ts";

(POSTGRES_MIGRATIONS as PostgresMigration[]).push(...LATER_MIGRATIONS);
const { values } = parseArgs({ options: { dir: { type: "string" }, port: { type: "string" } } });
const service = await startEvidenceService({ dir: values.dir ?? "", port: Number(values.port ?? 0) });
sayReady({ listening: service.listensAt, connectionFile: service.connectionFile });

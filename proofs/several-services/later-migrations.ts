/** What a later version would bring: the last of it takes something away. */
import type { PostgresMigration } from "#evidence-service/storage/postgres/bring-forward.ts";

export const LATER_MIGRATIONS: readonly PostgresMigration[] = [
  { kind: "expand", sql: `ALTER TABLE "evidence" ADD COLUMN "laterNote" text` },
  { kind: "expand", index: "evidenceByLaterNote", on: `ON "evidence" ("laterNote")` },
  { kind: "contract", sql: `ALTER TABLE "evidence" DROP COLUMN "laterNote"` },
];

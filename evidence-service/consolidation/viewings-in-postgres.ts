import { sql } from "kysely";
import type { Metadata } from "../storage/metadata-tables.ts";
import type { SharedViewings, Viewing } from "./viewings.ts";

const FORGOTTEN_AFTER = "1 day";

/** A row a viewing, with the database's own time: the clocks of several machines differ. */
export class ViewingsInPostgres implements SharedViewings {
  readonly #db: Metadata;

  constructor(db: Metadata) {
    this.#db = db;
  }

  async goesOn({ actor, evidenceId }: Viewing, overAfterMs: number): Promise<boolean> {
    const viewer = `${actor} ${evidenceId}`;
    const overAfterS = overAfterMs / 1_000;
    // One transaction writes at a time: of two pieces that come together one is the first.
    return this.#db.transaction().execute(async (transaction) => {
      const { rows } = await sql<{ goesOn: boolean }>`
        SELECT "latest" > clock_timestamp() - make_interval(secs => ${overAfterS}) AS "goesOn"
        FROM "viewing" WHERE "viewer" = ${viewer}`.execute(transaction);
      await sql`DELETE FROM "viewing" WHERE "latest" < clock_timestamp() - ${FORGOTTEN_AFTER}::interval`.execute(
        transaction,
      );
      await sql`INSERT INTO "viewing" VALUES (${viewer}, clock_timestamp())
        ON CONFLICT ("viewer") DO UPDATE SET "latest" = excluded."latest"`.execute(transaction);
      return rows[0]?.goesOn === true;
    });
  }
}

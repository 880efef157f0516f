import { sql } from "kysely";

/** Departments and categories as an administrator put them; those that nobody put anywhere come last, by name. */
export const IN_THEIR_ORDER = sql`"position" IS NULL, "position", "name", "seq"`;

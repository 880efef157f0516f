import type { Metadata, MetadataTransaction } from "./metadata-tables.ts";

/** Keeps one of the values that are by themselves; what was kept under the name before goes. */
export async function keepSetting(
  db: Metadata | MetadataTransaction,
  name: string,
  value: string,
): Promise<void> {
  await db
    .insertInto("setting")
    .values({ name, value })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
    .execute();
}

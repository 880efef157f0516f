import type { ContentKeyTable, MetadataTransaction } from "./metadata-tables.ts";

/** Keeps which key opens the keys of these files, in place of what was kept of them; a file that is gone is left out. */
export async function keepContentKeys(
  transaction: MetadataTransaction,
  rows: readonly ContentKeyTable[],
): Promise<void> {
  const ids = rows.map(({ resourceId }) => resourceId);
  const there = await transaction
    .selectFrom("resource")
    .select("resourceId")
    .where("resourceId", "in", ids)
    .execute();
  const isThere = new Set(there.map(({ resourceId }) => resourceId));
  const kept = rows.filter(({ resourceId }) => isThere.has(resourceId));
  if (kept.length === 0) return;
  await transaction
    .insertInto("contentKey")
    .values(kept)
    .onConflict((conflict) =>
      conflict.column("resourceId").doUpdateSet((e) => ({
        keyId: e.ref("excluded.keyId"),
        encryptedKey: e.ref("excluded.encryptedKey"),
      })),
    )
    .execute();
}

/** Uploads of which a bucket makes objects, and their parts, as rows: what is acknowledged of them, whoever took it. */
import type { Selectable } from "kysely";
import { BlobError } from "../blob-error.ts";
import type { Metadata, MetadataTransaction, ObjectUploadTable } from "../../storage/metadata-tables.ts";

export type ObjectUpload = Selectable<ObjectUploadTable>;

export interface AcknowledgedPart {
  readonly object: string;
  readonly partNumber: number;
  readonly etag: string;
  readonly lengthBytes: number;
}

export async function rememberUpload(
  db: Metadata,
  { blobName, object, uploadId }: Omit<ObjectUpload, "state">,
): Promise<void> {
  await db.insertInto("objectUpload").values({ blobName, object, uploadId, state: "Open" }).execute();
}

/** @throws BlobError ServerBusy once the object is being put together: the block is sent again, and finds another */
export async function acknowledgePart(
  transaction: MetadataTransaction,
  part: AcknowledgedPart,
): Promise<void> {
  const upload = await transaction
    .selectFrom("objectUpload")
    .select("state")
    .where("object", "=", part.object)
    .executeTakeFirst();
  if (upload?.state !== "Open") {
    throw new BlobError("ServerBusy", "The blocks of this blob are being committed; send this one again.");
  }
  await transaction.insertInto("objectPart").values(part).execute();
}

/** No part is acknowledged of them any more. @param last a part that may be short, as it is the last one */
export async function closeUploads(
  db: Metadata,
  objects: readonly string[],
  last: AcknowledgedPart | null,
): Promise<ObjectUpload[]> {
  if (objects.length === 0) return [];
  return db.transaction().execute(async (transaction) => {
    if (last !== null) await acknowledgePart(transaction, last);
    return transaction
      .updateTable("objectUpload")
      .set({ state: "Closed" })
      .where("object", "in", objects)
      .returningAll()
      .execute();
  });
}

export async function partsOf(db: Metadata, object: string): Promise<AcknowledgedPart[]> {
  return db.selectFrom("objectPart").selectAll().where("object", "=", object).orderBy("partNumber").execute();
}

export async function uploadsOf(db: Metadata, blobName: string): Promise<ObjectUpload[]> {
  return db.selectFrom("objectUpload").selectAll().where("blobName", "=", blobName).execute();
}

export async function forgetUploads(db: Metadata, objects: readonly string[]): Promise<void> {
  if (objects.length === 0) return;
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("objectPart").where("object", "in", objects).execute();
    await transaction.deleteFrom("objectUpload").where("object", "in", objects).execute();
  });
}

/** Whose a folder of stored files is, by the metadata of the service that opens it. */
import { join } from "node:path";
import { isThere } from "#runtime/files/missing-file.ts";
import type { SiteFolder } from "../../site/site-folder.ts";
import { isoInstant } from "../../storage/iso-instant.ts";
import { keepSetting } from "../../storage/keep-setting.ts";
import type { Metadata } from "../../storage/metadata-tables.ts";
import { StartRefusal } from "../../site/start-refusal.ts";
import { type FolderOwner, ownerOf } from "../file-owner.ts";

/** That the folder of this place was marked. */
export const MARKED_SETTING = "blobFolderMarked";

/** Some of the files may be gone, for reasons of their own. */
const TRIED_MOST = 20;

export function folderOwner({ db, blobFolder, keys }: SiteFolder): FolderOwner {
  return {
    id: keys.tenantId,
    mayTake: async () => {
      if (await isMarked(db)) return false;
      const known = await someFiles(db);
      if (known.length === 0) return true;
      for (const { blobName, fileName } of known)
        if (await isThere(join(blobFolder, blobName, fileName))) return true;
      return false;
    },
    taken: async () => {
      if (!(await isMarked(db))) await keepSetting(db, MARKED_SETTING, isoInstant(Date.now()));
    },
  };
}

/**
 * For who reads the files of a service that need not run: a mount point is not copied in place of its disk.
 * @throws StartRefusal FILES_AWAY
 */
export async function refuseAway(db: Metadata, folder: string): Promise<void> {
  if (!(await isMarked(db)) || (await ownerOf(folder)) !== null) return;
  throw new StartRefusal("FILES_AWAY", `The folder ${folder} is not that of the stored files.`);
}

async function isMarked(db: Metadata): Promise<boolean> {
  const row = db.selectFrom("setting").select("value").where("name", "=", MARKED_SETTING);
  return (await row.executeTakeFirst()) !== undefined;
}

/** A file of each of the latest and the earliest lists. */
async function someFiles(db: Metadata): Promise<readonly { blobName: string; fileName: string }[]> {
  const found: { blobName: string; fileName: string }[] = [];
  for (const direction of ["asc", "desc"] as const) {
    const lists = await db
      .selectFrom("blockList")
      .select(["list", "blobName", "state"])
      .where("state", "!=", "Unused")
      .where("blocks", ">", 0)
      .orderBy("list", direction)
      .limit(TRIED_MOST)
      .execute();
    for (const { list, blobName, state } of lists) {
      const table = state === "Staged" ? "stagedBlock" : "committedBlock";
      const query = db.selectFrom(table).select("fileName").where("list", "=", list).limit(1);
      const row = await query.executeTakeFirst();
      if (row !== undefined) found.push({ blobName, fileName: row.fileName });
    }
  }
  return found;
}

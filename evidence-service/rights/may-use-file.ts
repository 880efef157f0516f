/** Whether an account may still do what a signed address of a file was given out for. */
import { type RightsNow, mayHolder } from "./may.ts";

interface FileUse {
  /** Names the file. */
  readonly blobName: string;
  /** As `service:ID`. */
  readonly account: string;
  readonly isWriting: boolean;
}

export async function mayUseFile(
  rights: RightsNow,
  { blobName, account, isWriting }: FileUse,
): Promise<boolean> {
  const row = await rights.db
    .selectFrom("resource")
    .select("evidenceId")
    .where("resourceId", "=", blobName)
    .executeTakeFirst();
  // Of a file that was purged nothing is left to be guarded: the store says that it is gone.
  if (row === undefined) return true;
  const [kind, id = ""] = account.split(":");
  if (kind !== "service") return false;
  const action = isWriting ? "send-evidence" : "download-evidence";
  // While a file is written its sender sees how far that is.
  const asked = [action, ...(isWriting ? [] : (["send-evidence"] as const))] as const;
  for (const one of asked) {
    const { isAllowed } = await mayHolder(rights, { kind, id }, { action: one, id: row.evidenceId });
    if (isAllowed) return true;
  }
  return false;
}

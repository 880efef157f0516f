import { open } from "node:fs/promises";
import { onSpool } from "./spool-trouble.ts";

/** A rename is durable once its folder is. Windows has no such call and needs none. @throws SpoolTrouble */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  await onSpool(async () => {
    await using folder = await open(path, "r");
    await folder.sync();
  });
}

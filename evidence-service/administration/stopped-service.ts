import { mkdir } from "node:fs/promises";
import { openSiteFolder, type SiteFolder, type SiteWishes } from "../site/site-folder.ts";
import { lockForCommand } from "../site/service-locks.ts";

/**
 * Works in a service's folder while no service does.
 * @param dir made when it is not there
 * @throws StartRefusal FOLDER_IN_USE, POSTGRES_IN_USE while the service runs, and what `openSiteFolder` throws
 */
export async function withStoppedService<T>(
  dir: string,
  work: (site: SiteFolder) => Promise<T>,
  wishes: Pick<SiteWishes, "beginsAnew"> = {},
): Promise<T> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const lock = await lockForCommand(dir);
  try {
    const site = await openSiteFolder(dir, wishes);
    try {
      return await work(site);
    } finally {
      await site.db.destroy();
    }
  } finally {
    await lock.release();
  }
}

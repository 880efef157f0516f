/** `reset-second-factor`: for the one who administers people, alone, and lost device and recovery codes. */
import { join } from "node:path";
import { Refusal } from "../http/refusal.ts";
import { resetFactors } from "../second-factor/factors.ts";
import { readServiceKeys } from "../site/service-keys.ts";
import { KEYS_FILE } from "../site/site-folder.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { withStoppedService } from "./stopped-service.ts";

/**
 * Takes all second factors of a person away, and ends where they are signed in.
 * @throws StartRefusal NO_SERVICE, NO_SECOND_FACTOR, and what `withStoppedService` throws
 */
export async function resetSecondFactor(dir: string, username: string): Promise<void> {
  if ((await readServiceKeys(join(dir, KEYS_FILE))) === null)
    throw new StartRefusal("NO_SERVICE", `${dir} is not the folder of an evidence service.`);
  const by = { actor: "system", atUtcMs: Date.now() };
  await withStoppedService(dir, async ({ db }) => {
    await resetFactors(db, username, by).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.code !== "NOT_FOUND") throw error;
      throw new StartRefusal("NO_SECOND_FACTOR", `Nobody “${username}” has a second factor.`);
    });
  });
}

/** Wrong passwords of the last days, for whoever looks after people. */
import type { WebRefusedSignIns } from "#shared/web-api/people.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { Metadata } from "../storage/metadata-tables.ts";

const SHOWN_MS = 7 * 24 * 3_600_000;
const MOST_SHOWN = 50;
/** Of one network at one account in a minute, see `web/sign-in-limits.ts`: further ones were not looked at. */
const STOPPED_AFTER = 10;

export async function refusedSignIns(db: Metadata, nowUtcMs: number): Promise<WebRefusedSignIns> {
  const sinceUtcMs = nowUtcMs - SHOWN_MS;
  const rows = db.selectFrom("refusedSignIn").where("atUtcMs", ">=", sinceUtcMs);
  const byAccount = await rows
    .select(({ fn }) => [
      "account",
      fn.sum<number>("tries").as("tries"),
      fn.count<number>("network").distinct().as("networks"),
      fn.max("atUtcMs").as("latestUtcMs"),
      fn.max("tries").as("most"),
    ])
    .groupBy("account")
    .orderBy("tries", "desc")
    .limit(MOST_SHOWN)
    .execute();
  const byNetwork = await rows
    .select(({ fn }) => [
      "network",
      fn.sum<number>("tries").as("tries"),
      fn.count<number>("account").distinct().as("accounts"),
      fn.max("atUtcMs").as("latestUtcMs"),
      fn.max("tries").as("most"),
    ])
    .groupBy("network")
    .orderBy("tries", "desc")
    .limit(MOST_SHOWN)
    .execute();
  const common = (row: { tries: number; latestUtcMs: number; most: number }) => ({
    tries: Number(row.tries),
    latestUtc: isoInstant(Number(row.latestUtcMs)),
    wasStopped: Number(row.most) >= STOPPED_AFTER,
  });
  return {
    sinceUtc: isoInstant(sinceUtcMs),
    byAccount: byAccount.map((row) => ({
      ...{ username: row.account, networks: Number(row.networks) },
      ...common(row),
    })),
    byNetwork: byNetwork.map((row) => ({
      ...{ network: row.network, accounts: Number(row.accounts) },
      ...common(row),
    })),
  };
}

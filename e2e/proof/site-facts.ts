import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Temporal } from "temporal-polyfill";
import { connectionFileSchema } from "#shared/clearance-api/connection-file.ts";
import { SECOND_MS } from "#shared/domain/time-range.ts";

/**
 * The demo sites' zone; times are entered and shown in it. EVIDENCE_DESK_E2E_ZONE names another one: with one in which
 * it is just after midnight, specs whose instants lie on two days are tried at any time of day.
 */
export const SITE_TIME_ZONE = process.env["EVIDENCE_DESK_E2E_ZONE"] ?? "Europe/Berlin";

/** Past footage ends when the site was made; rounded down to whole minutes of the wall clock. */
export async function pastFootageEndUtcMs(siteDir: string): Promise<number> {
  const { birthtimeMs, mtimeMs } = await stat(join(siteDir, "evidence-desk-site.json"));
  const madeMs = Math.min(birthtimeMs === 0 ? mtimeMs : birthtimeMs, mtimeMs);
  return Math.floor((madeMs - 10 * SECOND_MS) / 60_000) * 60_000;
}

/** As the wizard's fields want it: `YYYY-MM-DD HH:MM:SS.mmm`, local to the site. */
export function asEntered(utcMs: number): string {
  const local = Temporal.Instant.fromEpochMilliseconds(utcMs).toZonedDateTimeISO(SITE_TIME_ZONE);
  return local.toPlainDateTime().toString({ fractionalSecondDigits: 3 }).replace("T", " ");
}

const MOMENT = String.raw`(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d`;

/** A whole text in which `…` stands for a moment: with the date where it is not today's, as after midnight. */
export function withMoments(text: string): RegExp {
  const literal = text.split("…").map((part) => part.replaceAll(/[.()[\]]/g, String.raw`\$&`));
  return new RegExp(`^${literal.join(MOMENT)}$`);
}

/** Where the site's embedded evidence service listens now. */
export async function serviceAddress(siteDir: string): Promise<string> {
  const text = await readFile(join(siteDir, "evidence-service", "console.evidence-connection"), "utf8");
  const [address = ""] = connectionFileSchema.parse(JSON.parse(text)).ApiBaseAddresses;
  return new URL(address).origin;
}

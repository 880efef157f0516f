import type { ArchiveSummary } from "#shared/archive-api/archive-api.ts";
import { failed, type Outcome } from "#shared/domain/failure.ts";
import { ArchiveClient, type ArchiveAddress } from "./archive-client.ts";

const TRIAL_TIMEOUT_MS = 10_000;

/**
 * Whether an archive can be used by this console: it answers, takes the token, and lets the console's page read pictures.
 * @param pageOrigin of the console's page
 * @returns what it holds, or ARCHIVE_UNREACHABLE, ARCHIVE_TOKEN_REFUSED, ARCHIVE_REFUSES_PAGE
 */
export async function tryArchive(
  address: ArchiveAddress,
  pageOrigin: string,
): Promise<Outcome<ArchiveSummary>> {
  const call = { signal: AbortSignal.timeout(TRIAL_TIMEOUT_MS) };
  const client = new ArchiveClient(() => address);
  const held = await client.summary(call);
  if (!held.ok) return held.error.code === "UNAUTHORIZED" ? TOKEN_REFUSED : { ok: false, error: held.error };
  const letsIn = await client.letsIn(pageOrigin, call);
  if (!letsIn.ok) return { ok: false, error: letsIn.error };
  return letsIn.value ? held : refusesPage(pageOrigin);
}

const TOKEN_REFUSED = failed("ARCHIVE_TOKEN_REFUSED", "The archive does not take this token.");

const refusesPage = (origin: string) =>
  failed(
    "ARCHIVE_REFUSES_PAGE",
    "The archive answers, but does not let this console show its pictures.",
    `Start it with --allow-origin ${origin}`,
  );

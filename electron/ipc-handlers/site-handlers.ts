import { failed, succeeded } from "#shared/domain/failure.ts";
import { visibleName } from "#shared/domain/names.ts";
import type { ArchiveAddress, ArchiveClient } from "../adapters/archive-client/archive-client.ts";
import type { SiteFolder } from "../adapters/site/site-folder.ts";
import { answerOf, type AreaHandlers } from "./handler.ts";

const ANSWER_TIMEOUT_MS = 5_000;

export interface SiteHandlerParts {
  readonly site: SiteFolder;
  readonly archive: ArchiveClient;
  readonly archiveAddress: () => ArchiveAddress | null;
  /** Tells the page of the zone in which it shows times. */
  readonly announceSession: () => void;
}

export function siteHandlers(parts: SiteHandlerParts): AreaHandlers<"site"> {
  const { site, archive } = parts;
  const state = async () => {
    const held = answerOf(await archive.summary({ signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }));
    const embedded = {
      name: "Archive of this console",
      folder: site.archive,
      address: parts.archiveAddress()?.baseUrl ?? null,
      holds: held.ok ? held.value : null,
      failure: held.ok ? null : held.error,
    };
    return succeeded({
      name: visibleName(site.facts.name),
      timeZone: site.facts.timeZone,
      archives: [embedded],
    });
  };
  return {
    "site.state": state,
    "site.changeTimeZone": async ({ timeZone }) => {
      if (!isTimeZone(timeZone))
        return failed("TIME_ZONE_UNKNOWN", "This time zone is not known.", "Choose one of the list.");
      site.changeTimeZone(timeZone);
      parts.announceSession();
      return await state();
    },
  };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

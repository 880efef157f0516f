import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { visibleName } from "#shared/domain/names.ts";
import type { SiteArchives } from "../adapters/site/site-archives.ts";
import type { SiteFolder } from "../adapters/site/site-folder.ts";
import type { AreaHandlers } from "./handler.ts";

export interface SiteHandlerParts {
  readonly site: SiteFolder;
  readonly archives: SiteArchives;
  /** Tells the page of the zone in which it shows times. */
  readonly announceOperator: () => void;
}

export function siteHandlers({ site, archives, announceOperator }: SiteHandlerParts): AreaHandlers<"site"> {
  const state = async () =>
    succeeded({
      name: visibleName(site.facts.name),
      timeZone: site.facts.timeZone,
      archives: await archives.list(),
    });
  /** @returns why nothing was changed, or the state after it */
  const after = async (change: Outcome<void> | Promise<Outcome<void>>) => {
    const changed = await change;
    return changed.ok ? await state() : changed;
  };
  return {
    "site.state": state,
    "site.changeTimeZone": async ({ timeZone }) => {
      if (!isTimeZone(timeZone)) return failed("TIME_ZONE_UNKNOWN", "This time zone is not known.");
      site.changeTimeZone(timeZone);
      announceOperator();
      return await state();
    },
    "site.renameOwnArchive": ({ name }) => after(archives.renameOwn(name)),
    "site.saveArchive": (entry) => after(archives.save(entry)),
    "site.removeArchive": ({ archiveId }) => after(archives.remove(archiveId)),
    "site.useArchive": ({ archiveId }) => after(archives.use(archiveId)),
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

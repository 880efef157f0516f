import { isAbsolute } from "node:path";

const VARIABLE = "EVIDENCE_DESK_SITE";

/** A newer version is started without any words in the place of this one: it is told of the site in this way. */
export function tellSite(environment: NodeJS.ProcessEnv, siteRoot: string): void {
  environment[VARIABLE] = siteRoot;
}

/** The site of the version that this one has replaced; null after every other start. */
export function siteTold(environment: NodeJS.ProcessEnv): string | null {
  const site = environment[VARIABLE] ?? "";
  return isAbsolute(site) ? site : null;
}

import type { WebOwnFactors, WebPersonFactors } from "#shared/web-api/second-factor.ts";
import { isFactorRequired } from "../second-factor/factor-rule.ts";
import { factorsOf } from "../second-factor/factors.ts";
import { isoInstant, isoInstantOrNull } from "../storage/iso-instant.ts";
import type { Metadata } from "../storage/metadata-tables.ts";

/** A person's second factors, as they see them themselves. */
export async function ownFactors(db: Metadata, username: string): Promise<WebOwnFactors> {
  const { app, recoveryCodesLeft } = await factorsOf(db, username);
  const isRequired = await isFactorRequired(db, username);
  if (app === null) return { app, recoveryCodesLeft, isRequired };
  const times = { createdUtc: isoInstant(app.createdUtcMs), usedUtc: isoInstantOrNull(app.usedUtcMs) };
  return { app: times, recoveryCodesLeft, isRequired };
}

/** And as who administers people sees them. */
export async function personFactors(db: Metadata, username: string): Promise<WebPersonFactors> {
  const { app, ...factors } = await ownFactors(db, username);
  return { ...factors, hasApp: app !== null };
}

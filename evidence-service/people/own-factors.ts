import type { WebOwnFactors, WebPersonFactors } from "#shared/web-api/second-factor.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { Refusal } from "../http/refusal.ts";
import { isFactorRequired } from "../second-factor/factor-rule.ts";
import { factorsOf, hasFactor } from "../second-factor/factors.ts";
import { makeRecoveryCodes } from "../second-factor/recovery-codes.ts";
import { relyingParty } from "../second-factor/relying-party.ts";
import { isoInstant, isoInstantOrNull } from "../storage/iso-instant.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";

interface Times {
  readonly createdUtcMs: number;
  readonly usedUtcMs: number | null;
}

const timesOf = ({ createdUtcMs, usedUtcMs }: Times) => ({
  createdUtc: isoInstant(createdUtcMs),
  usedUtc: isoInstantOrNull(usedUtcMs),
});

/** A person's second factors, as they see them themselves. */
export async function ownFactors(
  context: Pick<ServiceContext, "db" | "url" | "otherUrls">,
  username: string,
): Promise<WebOwnFactors> {
  const { db } = context;
  const { app, passkeys, recoveryCodesLeft } = await factorsOf(db, username);
  return {
    app: app === null ? null : timesOf(app),
    passkeys: passkeys.map(({ credentialId: passkeyId, name, ...row }) => ({
      ...{ passkeyId, name },
      ...timesOf(row),
    })),
    ...{ recoveryCodesLeft, isRequired: await isFactorRequired(db, username) },
    passkeyHost: relyingParty(context)?.id ?? null,
  };
}

/** And as who administers people sees them. */
export async function personFactors(db: Metadata, username: string): Promise<WebPersonFactors> {
  const { app, passkeys, recoveryCodesLeft } = await factorsOf(db, username);
  const isRequired = await isFactorRequired(db, username);
  return { hasApp: app !== null, passkeys: passkeys.length, recoveryCodesLeft, isRequired };
}

/** Ends the other sign-ins. @returns recovery codes with the first factor; null where the person has some */
export async function afterFactorAdded(
  transaction: MetadataTransaction,
  { username, ownId }: { readonly username: string; readonly ownId: string | null },
  atUtcMs: number,
): Promise<string[] | null> {
  await transaction
    .deleteFrom("webSession")
    .where("username", "=", username)
    .where("tokenHash", "!=", ownId ?? "")
    .execute();
  const { recoveryCodesLeft } = await factorsOf(transaction, username);
  return recoveryCodesLeft > 0 ? null : makeRecoveryCodes(transaction, username, atUtcMs);
}

/** With the last factor the codes go that stand in for it. @throws Refusal 409 SECOND_FACTOR_REQUIRED */
export async function afterFactorRemoved(
  transaction: MetadataTransaction,
  { username, isRequired }: { readonly username: string; readonly isRequired: boolean },
): Promise<void> {
  if (hasFactor(await factorsOf(transaction, username))) return;
  if (isRequired) throw new Refusal("SECOND_FACTOR_REQUIRED", "This account has to have a second factor.");
  await transaction.deleteFrom("recoveryCode").where("username", "=", username).execute();
}

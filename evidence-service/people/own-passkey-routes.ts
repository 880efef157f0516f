/** What people do about their own passkeys. */
import { z } from "zod";
import {
  passkeyMadeSchema,
  passkeyNameSchema,
  passkeyOptionsSchema,
  removedPasskeySchema,
} from "#shared/web-api/passkeys.ts";
import { changedFactorsSchema, ownFactorsSchema, withPasswordSchema } from "#shared/web-api/second-factor.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import { isFactorRequired } from "../second-factor/factor-rule.ts";
import { removePasskey, renamePasskey } from "../second-factor/own-passkeys.ts";
import { keepPasskey, makingOptions } from "../second-factor/passkeys.ts";
import { signInIdOf } from "../web/signed-in.ts";
import type { SignIns } from "../web/sign-ins.ts";
import { afterFactorAdded, afterFactorRemoved, ownFactors } from "./own-factors.ts";

interface OwnParts {
  readonly context: ServiceContext;
  readonly signIns: SignIns;
}

const OWN = {
  access: "user",
  action: "use-own-account",
  method: "POST",
  params: z.object({}),
} as const;
const PATH = "/web/api/my-account/second-factor/passkeys";

export function registerOwnPasskeyRoutes(api: JsonApi, parts: OwnParts): void {
  const { context, signIns } = parts;
  const { db, now } = context;
  api.add({
    ...OWN,
    path: `${PATH}/options`,
    summary: "What a passkey is made by.",
    body: withPasswordSchema,
    answer: passkeyOptionsSchema,
    handle: async ({ body: { password }, principal: { id: username }, request }) => {
      await signIns.insistOnPassword(request, { username, password });
      return makingOptions(context, username);
    },
  });
  api.add({
    ...OWN,
    path: PATH,
    summary: "Keeps a passkey that the browser made, and ends the other sign-ins.",
    body: passkeyMadeSchema,
    answer: changedFactorsSchema,
    handle: async ({ body, principal: { id: username }, request }) => {
      const recoveryCodes = await db.transaction().execute(async (transaction) => {
        await keepPasskey(context, transaction, { username, made: body });
        return afterFactorAdded(transaction, { username, ownId: signInIdOf(request) }, now());
      });
      return { factors: await ownFactors(context, username), recoveryCodes };
    },
  });
  registerChanges(api, parts);
}

function registerChanges(api: JsonApi, { context, signIns }: OwnParts): void {
  const { db, now } = context;
  api.add({
    ...OWN,
    path: `${PATH}/rename`,
    summary: "Names an own passkey anew.",
    body: passkeyNameSchema,
    answer: ownFactorsSchema,
    handle: async ({ body, principal: { id: username } }) => {
      await db
        .transaction()
        .execute((transaction) => renamePasskey(transaction, { username, ...body }, now()));
      return ownFactors(context, username);
    },
  });
  api.add({
    ...OWN,
    path: `${PATH}/remove`,
    summary: "Removes an own passkey.",
    body: removedPasskeySchema,
    answer: ownFactorsSchema,
    handle: async ({ body: { password, passkeyId }, principal: { id: username }, request }) => {
      await signIns.insistOnPassword(request, { username, password });
      const isRequired = await isFactorRequired(db, username);
      await db.transaction().execute(async (transaction) => {
        await removePasskey(transaction, { username, passkeyId }, now());
        await afterFactorRemoved(transaction, { username, isRequired });
      });
      return ownFactors(context, username);
    },
  });
}

/** What people do about their own second factor. What would weaken it asks for the password once more. */
import { z } from "zod";
import {
  begunAppSchema,
  changedFactorsSchema,
  firstCodeSchema,
  ownFactorsSchema,
  withPasswordSchema,
} from "#shared/web-api/second-factor.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi, RouteInput } from "../http/json-api.ts";
import { Refusal } from "../http/refusal.ts";
import { beginApp, confirmApp, removeApp } from "../second-factor/authenticator-app.ts";
import { isFactorRequired } from "../second-factor/factor-rule.ts";
import { factorsOf, hasFactor } from "../second-factor/factors.ts";
import { makeRecoveryCodes } from "../second-factor/recovery-codes.ts";
import { signInIdOf } from "../web/signed-in.ts";
import type { SignIns } from "../web/sign-ins.ts";
import { afterFactorAdded, afterFactorRemoved, ownFactors } from "./own-factors.ts";

interface OwnParts {
  readonly context: ServiceContext;
  readonly signIns: SignIns;
}

type Input<B> = RouteInput<unknown, unknown, B>;
type WithPassword = z.output<typeof withPasswordSchema>;
type Insist = (input: Input<WithPassword>) => Promise<unknown>;

const OWN = { access: "user", action: "use-own-account", params: z.object({}) } as const;
const PATH = "/web/api/my-account/second-factor";

export function registerOwnFactorRoutes(api: JsonApi, { context, signIns }: OwnParts): void {
  const { db } = context;
  const insist = ({ principal, request, body }: Input<WithPassword>) =>
    signIns.insistOnPassword(request, { username: principal.id, password: body.password });
  api.add({
    ...OWN,
    method: "GET",
    path: PATH,
    summary: "The own second factors.",
    answer: ownFactorsSchema,
    handle: ({ principal }) => ownFactors(context, principal.id),
  });
  api.add({
    ...OWN,
    method: "POST",
    path: `${PATH}/app`,
    summary: "Begins to set up an authenticator app; it is used once a code of it was seen.",
    body: withPasswordSchema,
    answer: begunAppSchema,
    handle: async (input) => {
      await insist(input);
      return beginApp(context, input.principal.id);
    },
  });
  api.add({
    ...OWN,
    method: "POST",
    path: `${PATH}/app/confirm`,
    summary: "Takes the app into use by its first code, and ends the other sign-ins.",
    body: firstCodeSchema,
    answer: changedFactorsSchema,
    handle: async ({ body, principal, request }) => {
      const { id: username } = principal;
      const ownId = signInIdOf(request);
      const recoveryCodes = await db.transaction().execute(async (transaction) => {
        await confirmApp(context, transaction, { username, code: body.code.replaceAll(/\s/g, "") });
        return afterFactorAdded(transaction, { username, ownId }, context.now());
      });
      return { factors: await ownFactors(context, username), recoveryCodes };
    },
  });
  registerAppRemoval(api, context, insist);
  registerRecoveryCodes(api, context, insist);
}

function registerAppRemoval(api: JsonApi, context: ServiceContext, insist: Insist): void {
  const { db } = context;
  api.add({
    ...OWN,
    method: "POST",
    path: `${PATH}/app/remove`,
    summary: "Removes the own authenticator app.",
    body: withPasswordSchema,
    answer: ownFactorsSchema,
    handle: async (input) => {
      await insist(input);
      const { id: username } = input.principal;
      const isRequired = await isFactorRequired(db, username);
      await db.transaction().execute(async (transaction) => {
        await removeApp(context, transaction, username);
        await afterFactorRemoved(transaction, { username, isRequired });
      });
      return ownFactors(context, username);
    },
  });
}

function registerRecoveryCodes(api: JsonApi, context: ServiceContext, insist: Insist): void {
  const { db, now } = context;
  api.add({
    ...OWN,
    method: "POST",
    path: `${PATH}/recovery-codes`,
    summary: "Makes ten new recovery codes; those from before are worth nothing.",
    body: withPasswordSchema,
    answer: changedFactorsSchema,
    handle: async (input) => {
      await insist(input);
      const { id: username } = input.principal;
      const recoveryCodes = await db.transaction().execute(async (transaction) => {
        if (hasFactor(await factorsOf(transaction, username)))
          return makeRecoveryCodes(transaction, username, now());
        throw new Refusal("NO_SECOND_FACTOR", "There is no second factor that codes could stand in for.");
      });
      return { factors: await ownFactors(context, username), recoveryCodes };
    },
  });
}

/** Accounts of consoles and programs, for who administers people. */
import { z } from "zod";
import { givenRightsSchema } from "#shared/web-api/people.ts";
import {
  madeKeySchema,
  newServiceAccountSchema,
  removedKeySchema,
  serviceAccountAnswerSchema,
  serviceAccountListSchema,
  serviceAccountNameSchema,
  type WebMadeKey,
} from "#shared/web-api/service-accounts.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { giveRights } from "../people/given-rights.ts";
import { connectionFileOf } from "../site/connection-file.ts";
import { newAccountKey, type PrivateJwk, publicPart } from "../site/service-keys.ts";
import { accountKeyIdOf } from "../storage/account-keys.ts";
import { addKey, removeKey } from "./account-key-changes.ts";
import {
  type AccountChange,
  enterAccount,
  newAccountId,
  readAccount,
  renameAccount,
  setLocked,
} from "./account-records.ts";
import { accountAnswer, listAccounts } from "./read-accounts.ts";

const accountParamsSchema = z.object({ accountId: z.string() });
const ADMINISTERS = { access: "user", action: "administer-people" } as const;
const PATH = "/web/api/service-accounts";

const publicJson = (key: PrivateJwk): string => JSON.stringify(publicPart(key));

export function registerAccountRoutes(api: JsonApi, context: ServiceContext): void {
  const { db, keys, now } = context;
  api.add({
    ...ADMINISTERS,
    method: "GET",
    path: PATH,
    summary: "Lists accounts of consoles and programs.",
    params: z.object({}),
    answer: serviceAccountListSchema,
    handle: async () => ({ accounts: await listAccounts(db) }),
  });
  api.add({
    ...ADMINISTERS,
    method: "POST",
    path: PATH,
    summary: "Makes an account, with its connection file.",
    params: z.object({}),
    body: newServiceAccountSchema,
    answer: madeKeySchema,
    handle: async ({ body, principal, reply }) => {
      const principalId = newAccountId();
      const key = await newAccountKey(keys.tenantId, principalId);
      const by = { actor: actorOf(principal), atUtcMs: now() };
      const account = { ...body, principalId, publicJwkJson: publicJson(key) };
      await db.transaction().execute((transaction) => enterAccount(transaction, account, by));
      void reply.header("cache-control", "no-store");
      return madeKey(context, principalId, key);
    },
  });
  api.add({
    ...ADMINISTERS,
    method: "POST",
    path: `${PATH}/:accountId/keys`,
    summary: "Makes another key of an account, with its connection file; the earlier ones stay good.",
    params: accountParamsSchema,
    answer: madeKeySchema,
    handle: async ({ params: { accountId }, principal, reply }) => {
      const key = await newAccountKey(keys.tenantId, accountId);
      const by = { actor: actorOf(principal), atUtcMs: now() };
      await addKey(db, { principalId: accountId, publicJwkJson: publicJson(key) }, by);
      void reply.header("cache-control", "no-store");
      return madeKey(context, accountId, key);
    },
  });
  registerAccount(api, context);
}

async function madeKey(context: ServiceContext, principalId: string, key: PrivateJwk): Promise<WebMadeKey> {
  const urls = [context.url(), ...context.otherUrls];
  const account = { tenantId: context.keys.tenantId, principalId, key };
  return { ...(await answerOf(context, principalId)), connectionFile: connectionFileOf(account, urls) };
}

/** The key of the account that a service begins with lies in its folder. */
const keyIdInFolder = ({ keys }: ServiceContext): string =>
  accountKeyIdOf(publicJson(keys.serviceAccount.key));

const answerOf = (context: ServiceContext, accountId: string) =>
  accountAnswer(context.db, accountId, keyIdInFolder(context));

function registerAccount(api: JsonApi, context: ServiceContext): void {
  const { db, now } = context;
  api.add({
    ...ADMINISTERS,
    method: "GET",
    path: `${PATH}/:accountId`,
    summary: "Reads an account and its keys.",
    params: accountParamsSchema,
    answer: serviceAccountAnswerSchema,
    handle: ({ params }) => answerOf(context, params.accountId),
  });
  type By = AccountChange & { readonly principal: Principal };
  const changed = <B extends z.ZodType>(
    { word, summary, body }: { readonly word: string; readonly summary: string; readonly body: B },
    change: (principalId: string, given: z.output<B>, by: By) => Promise<void>,
  ): void => {
    api.add({
      ...ADMINISTERS,
      ...{ method: "POST", path: `${PATH}/:accountId/${word}`, summary, body },
      params: accountParamsSchema,
      answer: serviceAccountAnswerSchema,
      handle: async ({ params: { accountId }, body: given, principal }) => {
        await change(accountId, given, { actor: actorOf(principal), atUtcMs: now(), principal });
        return answerOf(context, accountId);
      },
    });
  };
  const nothingSchema = z.object({});
  changed(
    { word: "rename", summary: "Gives an account another name.", body: serviceAccountNameSchema },
    (principalId, { name }, by) => renameAccount(db, { principalId, name }, by),
  );
  changed(
    { word: "lock", summary: "Locks an account: nothing of it is taken.", body: nothingSchema },
    (principalId, _, by) => setLocked(db, { principalId, isLocked: true }, by),
  );
  changed({ word: "unlock", summary: "Unlocks an account.", body: nothingSchema }, (principalId, _, by) =>
    setLocked(db, { principalId, isLocked: false }, by),
  );
  changed(
    { word: "rights", summary: "Gives an account these rights, and no others.", body: givenRightsSchema },
    async (id, { rights }, by) => {
      await db.transaction().execute(async (transaction) => {
        const { name } = await readAccount(transaction, id);
        await giveRights(transaction, { holder: { kind: "service", id }, name, rights }, by);
      });
    },
  );
  changed(
    { word: "keys/remove", summary: "Takes a key of an account away.", body: removedKeySchema },
    (principalId, { keyId }, by) =>
      removeKey(db, { principalId, keyId, keyIdInFolder: keyIdInFolder(context) }, by),
  );
}

/** What people do about their own account, and by a link that they were given. */
import { z } from "zod";
import {
  endedSignInSchema,
  linkAnswerSchema,
  linkTokenSchema,
  ownAccountSchema,
  ownActivitySchema,
  ownPasswordSchema,
  passwordByLinkSchema,
  passwordSetSchema,
  type WebOwnAccount,
} from "#shared/web-api/people.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import { actorOf } from "../http/principal.ts";
import { networkOf } from "../web/client-network.ts";
import { signInIdOf } from "../web/signed-in.ts";
import type { SignIns } from "../web/sign-ins.ts";
import { ownActivity } from "./own-activity.ts";
import { registerOwnFactorRoutes } from "./own-factor-routes.ts";
import { registerOwnPasskeyRoutes } from "./own-passkey-routes.ts";
import { readLink, usePersonLink } from "./person-links.ts";
import { type PersonRow, readPerson, toPerson } from "./person-records.ts";
import { endSignIns, signInsOf } from "./sign-in-records.ts";

interface OwnParts {
  readonly context: ServiceContext;
  readonly signIns: SignIns;
}

const OWN = { access: "user", action: "use-own-account", params: z.object({}) } as const;

/** By which others know a person, so that none of them makes a password. */
const namesOf = ({
  username,
  fullName,
  mail,
}: Pick<PersonRow, "username" | "fullName" | "mail">): string[] => [
  ...[username, fullName],
  ...(mail === null ? [] : [mail]),
];

export function registerOwnAccountRoutes(api: JsonApi, parts: OwnParts): void {
  const { db, now } = parts.context;
  const answer = async (username: string, ownId: string | null): Promise<WebOwnAccount> => ({
    person: toPerson(await readPerson(db, username)),
    signIns: await signInsOf(db, { username, ownId, nowUtcMs: now() }),
  });
  api.add({
    ...OWN,
    method: "GET",
    path: "/web/api/my-account",
    summary: "The account of who asks, and where they are signed in.",
    answer: ownAccountSchema,
    handle: ({ principal, request }) => answer(principal.id, signInIdOf(request)),
  });
  api.add({
    ...OWN,
    method: "POST",
    path: "/web/api/my-account/sign-ins/end",
    summary: "Ends one of the own sign-ins, or all others.",
    body: endedSignInSchema,
    answer: ownAccountSchema,
    handle: async ({ body: { signInId }, principal, request }) => {
      const ownId = signInIdOf(request);
      const ended = { username: principal.id, signInId, except: signInId === null ? ownId : null };
      await endSignIns(db, ended, { principal, atUtcMs: now() });
      return answer(principal.id, ownId);
    },
  });
  api.add({
    ...OWN,
    method: "POST",
    path: "/web/api/my-account/password",
    summary: "Changes the own password, and ends the other sign-ins.",
    body: ownPasswordSchema,
    answer: ownAccountSchema,
    handle: async ({ body: { current, password }, principal, request }) => {
      const { signIns } = parts;
      const { id: username } = principal;
      const row = await signIns.insistOnPassword(request, { username, password: current });
      const network = networkOf(request.ip);
      const passwordHash = await signIns.passwords.hashOf({ password, names: namesOf(row) }, network);
      const ownId = signInIdOf(request);
      const atUtcMs = now();
      await db.transaction().execute(async (transaction) => {
        const set = { passwordHash, passwordChangedUtcMs: atUtcMs };
        await transaction.updateTable("webUser").set(set).where("username", "=", username).execute();
        await transaction
          .deleteFrom("webSession")
          .where("username", "=", username)
          .where("tokenHash", "!=", ownId ?? "")
          .execute();
        await transaction.deleteFrom("halfSignIn").where("username", "=", username).execute();
        const entry = { atUtcMs, actor: actorOf(principal), action: "PASSWORD_SET", subject: username };
        await appendAudit(transaction, { ...entry, detail: { by: "password" } });
      });
      return answer(username, ownId);
    },
  });
  api.add({
    ...OWN,
    method: "GET",
    path: "/web/api/my-account/activity",
    summary: "What is unusual of how somebody got into the own account, or tried to.",
    answer: ownActivitySchema,
    handle: ({ principal }) => ownActivity(db, principal.id, now()),
  });
  registerOwnFactorRoutes(api, parts);
  registerOwnPasskeyRoutes(api, parts);
  registerLink(api, parts);
}

function registerLink(api: JsonApi, { context: { db, now }, signIns }: OwnParts): void {
  const byLink = { access: "visitor", method: "POST", params: z.object({}) } as const;
  api.add({
    ...byLink,
    path: "/web/api/link",
    summary: "Whose a link is by which a password is set.",
    body: linkTokenSchema,
    answer: linkAnswerSchema,
    handle: ({ body }) => readLink(db, body.token, now()),
  });
  api.add({
    ...byLink,
    path: "/web/api/link/password",
    summary: "Sets a person's password by a link, once.",
    body: passwordByLinkSchema,
    answer: passwordSetSchema,
    handle: async ({ body: { token, password }, request }) => {
      const { username } = await readLink(db, token, now());
      const names = namesOf(await readPerson(db, username));
      const passwordHash = await signIns.passwords.hashOf({ password, names }, networkOf(request.ip));
      return { username: await usePersonLink(db, { token, passwordHash }, now()) };
    },
  });
}

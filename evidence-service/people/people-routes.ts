/** What who administers people asks for. */
import { z } from "zod";
import {
  endedSignInSchema,
  givenRightsSchema,
  madeLinkSchema,
  newPersonSchema,
  peoplePageSchema,
  personAnswerSchema,
  personChangeSchema,
  refusedSignInsSchema,
  type WebMadeLink,
  type WebPersonAnswer,
} from "#shared/web-api/people.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import type { Mail } from "../mail/mail.ts";
import { resetFactors } from "../second-factor/factors.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { SignIns } from "../web/sign-ins.ts";
import { signInIdOf } from "../web/signed-in.ts";
import { registerFactorRuleRoutes } from "./factor-rule-routes.ts";
import { givePersonRights, rightsGivenTo } from "./given-rights.ts";
import { listGroups } from "./group-records.ts";
import { registerGroupRoutes } from "./group-routes.ts";
import { linkMessage } from "./link-message.ts";
import { registerOwnAccountRoutes } from "./own-account-routes.ts";
import { personFactors } from "./own-factors.ts";
import { linkOf, type MadeLink, makeLink } from "./person-links.ts";
import {
  addPerson,
  type Change,
  changePerson,
  listPeople,
  lockPerson,
  type PersonRow,
  readPerson,
  toPerson,
  unlockPerson,
} from "./person-records.ts";
import { refusedSignIns } from "./refused-records.ts";
import { endSignIns, signInsOf } from "./sign-in-records.ts";

export interface PeopleParts {
  readonly context: ServiceContext;
  /** Null where no server for mail is set: links are shown then. */
  readonly mail: Mail | null;
  readonly signIns: SignIns;
}

const personParamsSchema = z.object({ username: z.string() });
const ADMINISTERS = { access: "user", action: "administer-people" } as const;

const peopleQuerySchema = z.object({
  text: z.string().max(256).optional(),
  continuation: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function registerPeopleRoutes(api: JsonApi, parts: PeopleParts): void {
  const { context } = parts;
  const { db, now } = context;
  api.add({
    ...ADMINISTERS,
    method: "GET",
    path: "/web/api/people",
    summary: "Lists people with an account, by user name.",
    params: z.object({}),
    query: peopleQuerySchema,
    answer: peoplePageSchema,
    handle: ({ query }) => listPeople(db, query),
  });
  api.add({
    ...ADMINISTERS,
    method: "GET",
    path: "/web/api/refused-sign-ins",
    summary: "Wrong passwords of the last seven days, by account and by network.",
    params: z.object({}),
    answer: refusedSignInsSchema,
    handle: () => refusedSignIns(db, now()),
  });
  registerLinks(api, parts);
  registerPerson(api, context);
  registerGroupRoutes(api, context);
  registerFactorRuleRoutes(api, context);
  registerOwnAccountRoutes(api, parts);
}

function registerLinks(api: JsonApi, parts: PeopleParts): void {
  const { db, now } = parts.context;
  api.add({
    ...ADMINISTERS,
    method: "POST",
    path: "/web/api/people",
    summary: "Makes an account, and a link by which the person sets a password.",
    params: z.object({}),
    body: newPersonSchema,
    answer: madeLinkSchema,
    handle: async ({ body, principal }) => {
      const change = { principal, atUtcMs: now() };
      const made = await db.transaction().execute(async (transaction) => {
        const person = await addPerson(transaction, body, change);
        return { person, link: await makeLink(transaction, person, change) };
      });
      return tellLink(parts, made);
    },
  });
  api.add({
    ...ADMINISTERS,
    method: "POST",
    path: "/web/api/people/:username/link",
    summary: "Makes a new link by which the person sets a password; an earlier one works no more.",
    params: personParamsSchema,
    answer: madeLinkSchema,
    handle: async ({ params, principal }) => {
      const change = { principal, atUtcMs: now() };
      const made = await db.transaction().execute(async (transaction) => {
        const person = await readPerson(transaction, params.username);
        return { person, link: await makeLink(transaction, person, change) };
      });
      return tellLink(parts, made);
    },
  });
}

/** The token stands behind `#`: no server and no log of one ever has it. */
async function tellLink(
  { context, mail }: PeopleParts,
  { person, link }: { readonly person: PersonRow; readonly link: MadeLink },
): Promise<WebMadeLink> {
  const { expiresUtcMs, token } = link;
  const url = `${context.url()}/link#${token}`;
  const { username, fullName, mail: to, state } = person;
  const kind = state === "invited" ? "invitation" : "reset";
  const isSent =
    to !== null &&
    mail !== null &&
    (await mail.send(linkMessage({ to, fullName, username, kind, url, expiresUtcMs })));
  const expiresUtc = isoInstant(expiresUtcMs);
  return { person: toPerson(person), expiresUtc, isSent, url: isSent ? null : url };
}

type Asked = { readonly username: string; readonly ownId: string | null };

function registerPerson(api: JsonApi, context: ServiceContext): void {
  const { db, now } = context;
  const answer = async ({ username, ownId }: Asked): Promise<WebPersonAnswer> => {
    const nowUtcMs = now();
    return {
      person: toPerson(await readPerson(db, username)),
      rights: await rightsGivenTo(db, { kind: "user", id: username }),
      groups: await listGroups(db, username),
      secondFactor: await personFactors(db, username),
      signIns: await signInsOf(db, { username, ownId, nowUtcMs }),
      link: await linkOf(db, username, nowUtcMs),
    };
  };
  api.add({
    ...ADMINISTERS,
    method: "GET",
    path: "/web/api/people/:username",
    summary: "Reads an account, and where the person is signed in.",
    params: personParamsSchema,
    answer: personAnswerSchema,
    handle: ({ params, request }) => answer({ ...params, ownId: signInIdOf(request) }),
  });
  const changed = <B extends z.ZodType>(
    { word, summary, body }: { readonly word: string; readonly summary: string; readonly body: B },
    change: (username: string, given: z.output<B>, by: Change) => Promise<void>,
  ): void => {
    api.add({
      ...ADMINISTERS,
      ...{ method: "POST", path: `/web/api/people/:username/${word}`, summary, body },
      params: personParamsSchema,
      answer: personAnswerSchema,
      handle: async ({ params: { username }, body: given, principal, request }) => {
        await change(username, given, changeBy(principal));
        return answer({ username, ownId: signInIdOf(request) });
      },
    });
  };
  const changeBy = (principal: Principal): Change => ({ principal, atUtcMs: now() });
  const nothingSchema = z.object({});
  changed(
    { word: "edit", summary: "Changes name and mail address of a person.", body: personChangeSchema },
    (...given) => changePerson(db, ...given),
  );
  changed(
    { word: "lock", summary: "Locks an account: what the person has open is closed.", body: nothingSchema },
    (username, _, by) => lockPerson(db, username, by),
  );
  changed({ word: "unlock", summary: "Unlocks an account.", body: nothingSchema }, (username, _, by) =>
    unlockPerson(db, username, by),
  );
  changed(
    { word: "rights", summary: "Gives a person these rights, and no others.", body: givenRightsSchema },
    (username, { rights }, by) => givePersonRights(db, { username, rights }, by),
  );
  changed(
    {
      word: "second-factor/reset",
      summary: "Takes a person's second factors away, who lost them, and ends their sign-ins.",
      body: nothingSchema,
    },
    (username, _, { principal, atUtcMs }) =>
      resetFactors(db, username, { actor: actorOf(principal), atUtcMs }),
  );
  changed(
    { word: "sign-ins/end", summary: "Ends one of a person's sign-ins, or all.", body: endedSignInSchema },
    (username, { signInId }, by) => endSignIns(db, { username, signInId }, by),
  );
}

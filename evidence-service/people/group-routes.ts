/** Groups, for who administers people. */
import { z } from "zod";
import {
  groupAnswerSchema,
  groupListSchema,
  groupNameSchema,
  givenRightsSchema,
  membershipSchema,
  type WebGroupAnswer,
} from "#shared/web-api/people.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import {
  addGroup,
  giveGroupRights,
  listGroups,
  membersOf,
  readGroup,
  removeGroup,
  renameGroup,
  setMember,
  whatItGives,
} from "./group-records.ts";
import { rightsGivenTo } from "./given-rights.ts";
import { type Change, readPerson, toPerson } from "./person-records.ts";

const groupParamsSchema = z.object({ groupId: z.string() });
const ADMINISTERS = { access: "user", action: "administer-people" } as const;

export function registerGroupRoutes(api: JsonApi, context: ServiceContext): void {
  const { db, now } = context;
  api.add({
    ...ADMINISTERS,
    method: "GET",
    path: "/web/api/groups",
    summary: "Lists groups of people.",
    params: z.object({}),
    answer: groupListSchema,
    handle: async () => ({ groups: await listGroups(db) }),
  });
  api.add({
    ...ADMINISTERS,
    method: "POST",
    path: "/web/api/groups",
    summary: "Makes a group.",
    params: z.object({}),
    body: groupNameSchema,
    answer: groupAnswerSchema,
    handle: async ({ body, principal }) =>
      answerOf(context, await addGroup(db, body.name, { principal, atUtcMs: now() })),
  });
  api.add({
    ...ADMINISTERS,
    method: "GET",
    path: "/web/api/groups/:groupId",
    summary: "Reads a group, its people and its rights.",
    params: groupParamsSchema,
    answer: groupAnswerSchema,
    handle: ({ params }) => answerOf(context, params.groupId),
  });
  api.add({
    ...ADMINISTERS,
    method: "POST",
    path: "/web/api/groups/:groupId/remove",
    summary: "Removes a group that gives no rights.",
    params: groupParamsSchema,
    answer: groupListSchema,
    handle: async ({ params, principal }) => {
      await removeGroup(db, params.groupId, { principal, atUtcMs: now() });
      return { groups: await listGroups(db) };
    },
  });
  registerChanges(api, context);
}

function registerChanges(api: JsonApi, context: ServiceContext): void {
  const { db, now } = context;
  const changed = <B extends z.ZodType>(
    { word, summary, body }: { readonly word: string; readonly summary: string; readonly body: B },
    change: (groupId: string, given: z.output<B>, by: Change) => Promise<void>,
  ): void => {
    api.add({
      ...ADMINISTERS,
      ...{ method: "POST", path: `/web/api/groups/:groupId/${word}`, summary, body },
      params: groupParamsSchema,
      answer: groupAnswerSchema,
      handle: async ({ params: { groupId }, body: given, principal }) => {
        await change(groupId, given, { principal, atUtcMs: now() });
        return answerOf(context, groupId);
      },
    });
  };
  changed(
    { word: "rename", summary: "Gives a group another name.", body: groupNameSchema },
    (groupId, { name }, by) => renameGroup(db, { groupId, name }, by),
  );
  changed(
    { word: "members", summary: "Takes a person into a group, or out of it.", body: membershipSchema },
    (groupId, given, by) => setMember(db, { groupId, ...given }, by),
  );
  changed(
    { word: "rights", summary: "Gives a group these rights, and no others.", body: givenRightsSchema },
    (groupId, given, by) => giveGroupRights(db, { groupId, ...given }, by),
  );
}

async function answerOf({ db }: ServiceContext, groupId: string): Promise<WebGroupAnswer> {
  const { name } = await readGroup(db, groupId);
  const people = [];
  for (const username of await membersOf(db, groupId)) people.push(toPerson(await readPerson(db, username)));
  const rights = await rightsGivenTo(db, { kind: "group", id: groupId });
  const { policies } = await whatItGives(db, groupId);
  return { group: { groupId, name, rights, members: people.length }, people, policies };
}

import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { z } from "zod";
import type { WebAccountRight } from "#shared/web-api/account-right.ts";
import {
  groupAnswerSchema,
  groupListSchema,
  madeLinkSchema,
  type NewPerson,
  peoplePageSchema,
  personAnswerSchema,
  type PersonChange,
  refusedSignInsSchema,
  type WebGroupAnswer,
  type WebPersonAnswer,
} from "#shared/web-api/people.ts";
import { changeAtService, readFromService } from "./ask.ts";

const PEOPLE_KEY = ["people"];
const GROUPS_KEY = ["groups"];
const personKey = (username: string) => ["person", username];
const groupKey = (groupId: string) => ["group", groupId];
const pathOf = (username: string): string => `/people/${encodeURIComponent(username)}`;

/** People whose names or mail addresses hold `text`, page by page. */
export function usePeople(text: string) {
  const pageAfter = (continuation: string | null, signal: AbortSignal) =>
    readFromService(peoplePageSchema, { path: "/people", query: { text, continuation }, signal });
  return useInfiniteQuery({
    queryKey: [...PEOPLE_KEY, text],
    queryFn: ({ pageParam, signal }) => pageAfter(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ continuation }) => continuation,
    placeholderData: keepPreviousData,
  });
}

export function usePerson(username: string) {
  return useQuery({
    queryKey: personKey(username),
    queryFn: ({ signal }) => readFromService(personAnswerSchema, { path: pathOf(username), signal }),
  });
}

/** What is changed of a person, by the word of its address. */
export type PersonChangeAsked =
  | { readonly word: "edit"; readonly body: PersonChange }
  | { readonly word: "lock" | "unlock" | "second-factor/reset"; readonly body: Record<string, never> }
  | { readonly word: "rights"; readonly body: { readonly rights: readonly WebAccountRight[] } }
  | { readonly word: "sign-ins/end"; readonly body: { readonly signInId: string | null } };

export function usePersonChange(username: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ word, body }: PersonChangeAsked) =>
      changeAtService(personAnswerSchema, `${pathOf(username)}/${word}`, body),
    onSuccess: async (answer: WebPersonAnswer) => {
      client.setQueryData(personKey(username), answer);
      await client.invalidateQueries({ queryKey: PEOPLE_KEY });
    },
    onError: () => client.invalidateQueries({ queryKey: personKey(username) }),
  });
}

/** Refusals: PERSON_THERE, NAME_NOT_USABLE. */
export function useInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (person: NewPerson) => changeAtService(madeLinkSchema, "/people", person),
    onSuccess: () => client.invalidateQueries({ queryKey: PEOPLE_KEY }),
  });
}

/** Refusal: PERSON_LOCKED. */
export function useNewLink(username: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => changeAtService(madeLinkSchema, `${pathOf(username)}/link`, {}),
    onSuccess: () => client.invalidateQueries({ queryKey: personKey(username) }),
  });
}

export function useRefusedSignIns() {
  return useQuery({
    queryKey: ["refused-sign-ins"],
    queryFn: ({ signal }) => readFromService(refusedSignInsSchema, { path: "/refused-sign-ins", signal }),
  });
}

export function useGroups() {
  return useQuery({
    queryKey: GROUPS_KEY,
    queryFn: ({ signal }) => readFromService(groupListSchema, { path: "/groups", signal }),
  });
}

export function useGroup(groupId: string) {
  return useQuery({
    queryKey: groupKey(groupId),
    queryFn: ({ signal }) =>
      readFromService(groupAnswerSchema, { path: `/groups/${encodeURIComponent(groupId)}`, signal }),
  });
}

/** Refusals: GROUP_THERE, NAME_NOT_USABLE. */
export function useNewGroup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => changeAtService(groupAnswerSchema, "/groups", { name }),
    onSuccess: () => client.invalidateQueries({ queryKey: GROUPS_KEY }),
  });
}

/** What is changed of a group, by the word of its address. */
type GroupChangeAsked =
  | { readonly word: "rename"; readonly body: { readonly name: string } }
  | { readonly word: "members"; readonly body: { readonly username: string; readonly isMember: boolean } }
  | { readonly word: "rights"; readonly body: { readonly rights: readonly WebAccountRight[] } };

/** Refusals: LAST_ADMINISTRATOR, GROUP_THERE, NOT_FOUND for a person that is not there. */
export function useGroupChange(groupId: string) {
  return useGroupMutation(groupAnswerSchema, ({ word, body }: GroupChangeAsked) => ({
    path: `/groups/${encodeURIComponent(groupId)}/${word}`,
    body,
  }));
}

/** The same of whichever group, from a person's page. */
export function useMembership() {
  return useGroupMutation(
    groupAnswerSchema,
    (asked: { readonly groupId: string; readonly username: string; readonly isMember: boolean }) => ({
      path: `/groups/${encodeURIComponent(asked.groupId)}/members`,
      body: { username: asked.username, isMember: asked.isMember },
    }),
  );
}

function useGroupMutation<Asked>(
  schema: z.ZodType<WebGroupAnswer>,
  askOf: (asked: Asked) => { readonly path: string; readonly body: unknown },
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: Asked) => {
      const { path, body } = askOf(asked);
      return changeAtService(schema, path, body);
    },
    onSuccess: async (answer: WebGroupAnswer) => {
      client.setQueryData(groupKey(answer.group.groupId), answer);
      await client.invalidateQueries({ queryKey: GROUPS_KEY });
      await client.invalidateQueries({ queryKey: ["person"] });
    },
  });
}

/** Refusal: GROUP_HAS_RIGHTS. */
export function useGroupRemoval(groupId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => changeAtService(groupListSchema, `/groups/${encodeURIComponent(groupId)}/remove`, {}),
    onSuccess: (list) => client.setQueryData(GROUPS_KEY, list),
  });
}

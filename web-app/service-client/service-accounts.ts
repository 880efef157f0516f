import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { WebAccountRight } from "#shared/web-api/account-right.ts";
import {
  madeKeySchema,
  type NewServiceAccount,
  serviceAccountAnswerSchema,
  serviceAccountListSchema,
  type WebServiceAccountAnswer,
} from "#shared/web-api/service-accounts.ts";
import { changeAtService, readFromService } from "./ask.ts";

const LIST_KEY = ["service-accounts"];
const accountKey = (accountId: string) => ["service-account", accountId];
const pathOf = (accountId: string): string => `/service-accounts/${encodeURIComponent(accountId)}`;

export function useServiceAccounts() {
  return useQuery({
    queryKey: LIST_KEY,
    queryFn: ({ signal }) => readFromService(serviceAccountListSchema, { path: "/service-accounts", signal }),
  });
}

export function useServiceAccount(accountId: string) {
  return useQuery({
    queryKey: accountKey(accountId),
    queryFn: ({ signal }) => readFromService(serviceAccountAnswerSchema, { path: pathOf(accountId), signal }),
  });
}

/** Refusals: NAME_THERE, NAME_NOT_USABLE. */
export function useNewServiceAccount() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (account: NewServiceAccount) => changeAtService(madeKeySchema, "/service-accounts", account),
    onSuccess: () => client.invalidateQueries({ queryKey: LIST_KEY }),
  });
}

/** Refusal: TOO_MANY_KEYS. */
export function useNewKey(accountId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => changeAtService(madeKeySchema, `${pathOf(accountId)}/keys`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: accountKey(accountId) }),
  });
}

/** What is changed of an account, by the word of its address. */
type AccountChangeAsked =
  | { readonly word: "rename"; readonly body: { readonly name: string } }
  | { readonly word: "lock" | "unlock"; readonly body: Record<string, never> }
  | { readonly word: "rights"; readonly body: { readonly rights: readonly WebAccountRight[] } }
  | { readonly word: "keys/remove"; readonly body: { readonly keyId: string } };

/** Refusals: NAME_THERE, NAME_NOT_USABLE, LAST_KEY, KEY_IN_FOLDER. */
export function useServiceAccountChange(accountId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ word, body }: AccountChangeAsked) =>
      changeAtService(serviceAccountAnswerSchema, `${pathOf(accountId)}/${word}`, body),
    onSuccess: async (answer: WebServiceAccountAnswer) => {
      client.setQueryData(accountKey(accountId), answer);
      await client.invalidateQueries({ queryKey: LIST_KEY });
    },
    onError: () => client.invalidateQueries({ queryKey: accountKey(accountId) }),
  });
}

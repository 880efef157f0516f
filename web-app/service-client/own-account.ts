import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  linkAnswerSchema,
  ownAccountSchema,
  ownActivitySchema,
  passwordSetSchema,
  type WebOwnAccount,
} from "#shared/web-api/people.ts";
import { changeAtService, readFromService } from "./ask.ts";

const OWN_KEY = ["my-account"];

export function useOwnAccount() {
  return useQuery({
    queryKey: OWN_KEY,
    queryFn: ({ signal }) => readFromService(ownAccountSchema, { path: "/my-account", signal }),
  });
}

export function useOwnActivity() {
  return useQuery({
    queryKey: ["own-activity"],
    queryFn: ({ signal }) => readFromService(ownActivitySchema, { path: "/my-account/activity", signal }),
  });
}

/** What people change of their own account, by the word of its address. */
type OwnChangeAsked =
  | { readonly word: "sign-ins/end"; readonly body: { readonly signInId: string | null } }
  | { readonly word: "password"; readonly body: { readonly current: string; readonly password: string } };

/** Refusals: WRONG_PASSWORD, those of a new password, NOT_FOUND for a sign-in that has ended. */
export function useOwnChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ word, body }: OwnChangeAsked) =>
      changeAtService(ownAccountSchema, `/my-account/${word}`, body),
    onSuccess: (answer: WebOwnAccount) => client.setQueryData(OWN_KEY, answer),
  });
}

/** Whose a link is. Refusal: LINK_NOT_GOOD. */
export function useLink(token: string) {
  return useQuery({
    queryKey: ["link", token],
    queryFn: () => changeAtService(linkAnswerSchema, "/link", { token }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Refusals: LINK_NOT_GOOD, those of a new password. */
export function usePasswordByLink(token: string) {
  return useMutation({
    mutationFn: (password: string) =>
      changeAtService(passwordSetSchema, "/link/password", { token, password }),
  });
}

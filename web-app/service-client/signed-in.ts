import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { meSchema, type Me, type SignIn } from "#shared/web-api/web-api.ts";
import { changeAtService, readFromService } from "./ask.ts";

export const SIGNED_IN_KEY = ["signed-in"];

/** Who is signed in; `user` is null when nobody is. */
export function useMe() {
  return useQuery({
    queryKey: SIGNED_IN_KEY,
    queryFn: ({ signal }) => readFromService(meSchema, { path: "/me", signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Refusals: WRONG_PASSWORD, TOO_MANY_SIGN_INS (with `retryAfterS`). */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: SignIn) => changeAtService(meSchema, "/sign-in", credentials),
    onSuccess: (me: Me) => client.setQueryData(SIGNED_IN_KEY, me),
  });
}

/** The application starts anew: nothing of what was seen stays in memory for whoever signs in next. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => changeAtService(meSchema, "/sign-out", {}),
    onSuccess: () => window.location.assign("/"),
  });
}

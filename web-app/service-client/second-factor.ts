import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  begunAppSchema,
  changedFactorsSchema,
  ownFactorsSchema,
  type SecondCode,
  secondFactorRuleSchema,
  type WebChangedFactors,
  type WebOwnFactors,
  type WebSecondFactorRule,
} from "#shared/web-api/second-factor.ts";
import { type Me, meSchema, setUpAnswerSchema } from "#shared/web-api/web-api.ts";
import { changeAtService, readFromService } from "./ask.ts";
import { SIGNED_IN_KEY } from "./signed-in.ts";

export const FACTORS_KEY = ["second-factor"];
const RULE_KEY = ["second-factor-rule"];
const OWN = "/my-account/second-factor";

/** Refusals: WRONG_CODE, SECOND_STEP_OVER, TOO_MANY_SIGN_INS. */
export function useSecondCode() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (code: SecondCode) => changeAtService(meSchema, "/sign-in/code", code),
    onSuccess: (me: Me) => client.setQueryData(SIGNED_IN_KEY, me),
  });
}

/** Of who is to set an app up before they are in. Refusal: SECOND_STEP_OVER. */
export function useAppAtSignIn() {
  return useQuery({
    queryKey: ["app-at-sign-in"],
    queryFn: () => changeAtService(begunAppSchema, "/sign-in/set-up/app", {}),
    // Each question makes another secret.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
}

/** The person is in with it; whoever shows the codes says when the application goes on. Refusals: WRONG_CODE, SECOND_STEP_OVER. */
export function useAppConfirmedAtSignIn() {
  return useMutation({
    mutationFn: (code: string) => changeAtService(setUpAnswerSchema, "/sign-in/set-up/app/confirm", { code }),
  });
}

/** Who is signed in now, once the page has shown what it had to. */
export function useSignedIn() {
  const client = useQueryClient();
  return (me: Me) => client.setQueryData(SIGNED_IN_KEY, me);
}

export function useOwnFactors() {
  return useQuery({
    queryKey: FACTORS_KEY,
    queryFn: ({ signal }) => readFromService(ownFactorsSchema, { path: OWN, signal }),
  });
}

/** Refusal: WRONG_PASSWORD. */
export function useNewApp() {
  return useMutation({
    mutationFn: (password: string) => changeAtService(begunAppSchema, `${OWN}/app`, { password }),
  });
}

/** What gives new recovery codes, or may: the first code of an app, and the password. */
type CodesAsked =
  | { readonly word: "app/confirm"; readonly body: { readonly code: string } }
  | { readonly word: "recovery-codes"; readonly body: { readonly password: string } };

/** Refusals: WRONG_CODE, WRONG_PASSWORD. */
export function useFactorChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ word, body }: CodesAsked) => changeAtService(changedFactorsSchema, `${OWN}/${word}`, body),
    onSuccess: async ({ factors }: WebChangedFactors) => {
      client.setQueryData(FACTORS_KEY, factors);
      await client.invalidateQueries({ queryKey: ["my-account"] });
    },
  });
}

interface RemovalAsked {
  /** Null for the app. */
  readonly passkeyId: string | null;
  readonly password: string;
}

/** Refusals: WRONG_PASSWORD, SECOND_FACTOR_REQUIRED. */
export function useFactorRemoval() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ passkeyId, password }: RemovalAsked) =>
      passkeyId === null
        ? changeAtService(ownFactorsSchema, `${OWN}/app/remove`, { password })
        : changeAtService(ownFactorsSchema, `${OWN}/passkeys/remove`, { passkeyId, password }),
    onSuccess: (factors: WebOwnFactors) => client.setQueryData(FACTORS_KEY, factors),
  });
}

export function useFactorRule() {
  return useQuery({
    queryKey: RULE_KEY,
    queryFn: ({ signal }) => readFromService(secondFactorRuleSchema, { path: "/second-factor-rule", signal }),
  });
}

export function useFactorRuleChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rule: WebSecondFactorRule) =>
      changeAtService(secondFactorRuleSchema, "/second-factor-rule", rule),
    onSuccess: (rule: WebSecondFactorRule) => client.setQueryData(RULE_KEY, rule),
  });
}

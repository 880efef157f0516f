import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from "@simplewebauthn/browser";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { passkeyOptionsSchema } from "#shared/web-api/passkeys.ts";
import { changedFactorsSchema, ownFactorsSchema } from "#shared/web-api/second-factor.ts";
import { type Me, meSchema, setUpAnswerSchema } from "#shared/web-api/web-api.ts";
import { changeAtService } from "./ask.ts";
import { ServiceProblem } from "./problem.ts";
import { FACTORS_KEY } from "./second-factor.ts";
import { SIGNED_IN_KEY } from "./signed-in.ts";

const OWN = "/my-account/second-factor/passkeys";

const isOptions = (value: unknown): boolean => passkeyOptionsSchema.safeParse(value).success;
/** The service makes them for the browser, which reads them itself. */
const makingSchema = z.custom<PublicKeyCredentialCreationOptionsJSON>(isOptions);
const askingSchema = z.custom<PublicKeyCredentialRequestOptionsJSON>(isOptions);

/** Whether this browser has passkeys for the page that is open. @param host that they are for; null where there are none */
export function hasPasskeysHere(host: string | null): boolean {
  return host !== null && "PublicKeyCredential" in window && window.location.hostname === host;
}

/** Has the browser make a passkey. */
async function madeBy(path: string, body: unknown) {
  const optionsJSON = await changeAtService(makingSchema, path, body);
  return startRegistration({ optionsJSON }).catch(notUsed);
}

/** Has the browser answer with one. */
async function answerBy(path: string) {
  const optionsJSON = await changeAtService(askingSchema, path, {});
  return startAuthentication({ optionsJSON }).catch(notUsed);
}

/** Somebody has turned away, or the device has none. */
function notUsed(error: unknown): never {
  const isKnown =
    error instanceof WebAuthnError && error.code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED";
  throw new ServiceProblem({
    code: "PASSKEY_NOT_USED",
    message: isKnown ? "This device has a passkey for the account already." : "No passkey was used.",
    action: isKnown ? "Use that one, or another device." : "Try again, or take another way.",
    status: 400,
  });
}

function useSigningIn(optionsPath: string, path: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => changeAtService(meSchema, path, await answerBy(optionsPath)),
    onSuccess: (me: Me) => client.setQueryData(SIGNED_IN_KEY, me),
  });
}

/** In place of the password. Refusals: PASSKEY_NOT_USED, PASSKEY_REFUSED, ACCOUNT_LOCKED, TOO_MANY_SIGN_INS. */
export const usePasskeySignIn = () => useSigningIn("/sign-in/passkey/options", "/sign-in/passkey");

/** After the password. Refusals: PASSKEY_NOT_USED, PASSKEY_REFUSED, SECOND_STEP_OVER, TOO_MANY_SIGN_INS. */
export const usePasskeyAnswer = () => useSigningIn("/sign-in/code/passkey/options", "/sign-in/code/passkey");

/** Of who is to have a second factor before they are in. Refusals: PASSKEY_NOT_USED, PASSKEY_REFUSED, SECOND_STEP_OVER. */
export function usePasskeyAtSetUp() {
  return useMutation({
    mutationFn: async (name: string) => {
      const response = await madeBy("/sign-in/set-up/passkey/options", {});
      return changeAtService(setUpAnswerSchema, "/sign-in/set-up/passkey", { name, response });
    },
  });
}

/** Refusals: WRONG_PASSWORD, TOO_MANY_PASSKEYS, PASSKEY_NOT_USED, PASSKEY_REFUSED, NAME_NOT_USABLE. */
export function useNewPasskey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, password }: { readonly name: string; readonly password: string }) => {
      const response = await madeBy(`${OWN}/options`, { password });
      return changeAtService(changedFactorsSchema, OWN, { name, response });
    },
    onSuccess: async ({ factors }) => {
      client.setQueryData(FACTORS_KEY, factors);
      await client.invalidateQueries({ queryKey: ["my-account"] });
    },
  });
}

/** Refusal: NAME_NOT_USABLE. */
export function usePasskeyRename() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (named: { readonly passkeyId: string; readonly name: string }) =>
      changeAtService(ownFactorsSchema, `${OWN}/rename`, named),
    onSuccess: (factors) => client.setQueryData(FACTORS_KEY, factors),
  });
}

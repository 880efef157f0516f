/** Passkeys where nobody is signed in yet: in place of the password, as its second step, and made where one is required. */
import { z } from "zod";
import { passkeyAnswerSchema, passkeyMadeSchema, passkeyOptionsSchema } from "#shared/web-api/passkeys.ts";
import { meSchema, setUpAnswerSchema } from "#shared/web-api/web-api.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import type { Principal } from "../http/principal.ts";
import type { SignIns } from "./sign-ins.ts";
import { describeMe } from "./signed-in.ts";

const STEP = { access: "visitor", method: "POST", params: z.object({}) } as const;

export function registerPasskeyRoutes(
  api: JsonApi,
  context: ServiceContext,
  { passkeys, secondSteps }: SignIns,
): void {
  const meOf = (principal: Principal) => describeMe(context, { principal, secondStep: null });
  const asks = { ...STEP, answer: passkeyOptionsSchema };
  api.add({
    ...asks,
    path: "/web/api/sign-in/passkey/options",
    summary: "What any passkey of this service is asked by, to sign in with it alone.",
    handle: () => passkeys.ask(),
  });
  api.add({
    ...STEP,
    path: "/web/api/sign-in/passkey",
    summary: "Signs a person in by a passkey, in place of the password.",
    body: passkeyAnswerSchema,
    answer: meSchema,
    handle: async ({ body, request, reply }) => meOf(await passkeys.signIn(request, reply, body)),
  });
  api.add({
    ...asks,
    path: "/web/api/sign-in/code/passkey/options",
    summary: "What the person's passkeys are asked by, after the right password.",
    handle: ({ request }) => secondSteps.askPasskey(request),
  });
  api.add({
    ...STEP,
    path: "/web/api/sign-in/code/passkey",
    summary: "Completes a sign-in by a passkey.",
    body: passkeyAnswerSchema,
    answer: meSchema,
    handle: async ({ body, request, reply }) =>
      meOf(await secondSteps.answerWithPasskey({ request, reply }, body)),
  });
  api.add({
    ...asks,
    path: "/web/api/sign-in/set-up/passkey/options",
    summary: "What a passkey is made by, for who has to have a second factor to come in.",
    handle: ({ request }) => secondSteps.beginPasskey(request),
  });
  api.add({
    ...STEP,
    path: "/web/api/sign-in/set-up/passkey",
    summary: "Keeps a passkey that the browser made, and completes the sign-in.",
    body: passkeyMadeSchema,
    answer: setUpAnswerSchema,
    handle: async ({ body, request, reply }) => {
      const { user, recoveryCodes } = await secondSteps.confirmPasskey({ request, reply }, body);
      return { me: await meOf(user), recoveryCodes };
    },
  });
}

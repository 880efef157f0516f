/** The second step of a sign-in. Who asks is known by the cookie of the first, which is good for nothing else. */
import { z } from "zod";
import { begunAppSchema, firstCodeSchema, secondCodeSchema } from "#shared/web-api/second-factor.ts";
import { meSchema, setUpAnswerSchema } from "#shared/web-api/web-api.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import type { SecondSteps } from "./second-steps.ts";
import { describeMe } from "./signed-in.ts";

const STEP = { access: "visitor", method: "POST", params: z.object({}) } as const;

export function registerSecondStepRoutes(api: JsonApi, context: ServiceContext, steps: SecondSteps): void {
  api.add({
    ...STEP,
    path: "/web/api/sign-in/code",
    summary: "Completes a sign-in by a code of the authenticator app, or by a recovery code.",
    body: secondCodeSchema,
    answer: meSchema,
    handle: async ({ body, request, reply }) =>
      describeMe(context, { principal: await steps.answer({ request, reply }, body), secondStep: null }),
  });
  api.add({
    ...STEP,
    path: "/web/api/sign-in/set-up/app",
    summary: "Begins to set up an authenticator app, for who has to have a second factor to come in.",
    answer: begunAppSchema,
    handle: ({ request }) => steps.beginApp(request),
  });
  api.add({
    ...STEP,
    path: "/web/api/sign-in/set-up/app/confirm",
    summary: "Takes the app into use by its first code, and completes the sign-in.",
    body: firstCodeSchema,
    answer: setUpAnswerSchema,
    handle: async ({ body, request, reply }) => {
      const { user, recoveryCodes } = await steps.confirmApp({ request, reply }, body.code);
      return { me: await describeMe(context, { principal: user, secondStep: null }), recoveryCodes };
    },
  });
}

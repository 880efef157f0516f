/** Verifying everything, for administrators. */
import { z } from "zod";
import { webVerificationRunSchema } from "#shared/web-api/web-api.ts";
import type { JsonApi } from "../http/json-api.ts";
import { actorOf } from "../http/principal.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { latestRun, verifyEverything } from "./verify-everything.ts";

export function registerEverythingRoutes(api: JsonApi, context: ServiceContext): void {
  const route = {
    path: "/web/api/administration/verification",
    access: "user",
    params: z.object({}),
    answer: webVerificationRunSchema,
  } as const;
  api.add({
    ...{ ...route, method: "GET", action: "see-administration" },
    summary: "The latest verification of everything: how far it is, and what did not agree.",
    handle: () => latestRun(context),
  });
  api.add({
    ...{ ...route, method: "POST", action: "manage-jobs" },
    summary: "Verifies every stored byte of all completed evidence, one after the other, as a job.",
    handle: async ({ principal }) => {
      await verifyEverything(context, actorOf(principal));
      return latestRun(context);
    },
  });
}

/** Who has to have a second factor, for who administers people. */
import { z } from "zod";
import { secondFactorRuleSchema } from "#shared/web-api/second-factor.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import { actorOf } from "../http/principal.ts";
import { readFactorRule, setFactorRule } from "../second-factor/factor-rule.ts";

const RULE = {
  access: "user",
  action: "administer-people",
  path: "/web/api/second-factor-rule",
  params: z.object({}),
  answer: secondFactorRuleSchema,
} as const;

export function registerFactorRuleRoutes(api: JsonApi, { db, now }: ServiceContext): void {
  api.add({
    ...RULE,
    method: "GET",
    summary: "Who has to have a second factor.",
    handle: () => readFactorRule(db),
  });
  api.add({
    ...RULE,
    method: "POST",
    summary: "Says who has to have a second factor, from their next sign-in on.",
    body: secondFactorRuleSchema,
    handle: async ({ body, principal }) => {
      await setFactorRule(db, body, { actor: actorOf(principal), atUtcMs: now() });
      return readFactorRule(db);
    },
  });
}

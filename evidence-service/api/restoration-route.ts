/** Whether the service was restored from a backup, for consoles that have sent something before. */
import { z } from "zod";
import { restorationSchema } from "#shared/clearance-api/restoration.ts";
import { latestRestoration } from "../audit/restorations.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { checkTenant } from "./token-routes.ts";

export function registerRestorationRoute(api: JsonApi, context: ServiceContext): void {
  api.add({
    method: "GET",
    path: "/documents/api/v1/tenant/:tenantId/restoration",
    summary:
      "Tells when the service was last restored from a backup, by an id that is another one each time.",
    access: "service",
    action: "read-lists",
    params: z.object({ tenantId: z.string() }),
    answer: restorationSchema,
    handle: async ({ params }) => {
      checkTenant(context, params.tenantId);
      const latest = await latestRestoration(context.db);
      return {
        RestorationId: latest?.id ?? null,
        RestoredTimeUtc: latest === null ? null : isoInstant(latest.atUtcMs),
      };
    },
  });
}

/** What the web application asks of the audit trail; the contract is shared/web-api/audit-api.ts. */
import { auditFilterSchema, webAuditEntrySchema, webAuditPageSchema } from "#shared/web-api/audit-api.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { fittingItems } from "../http/described-items.ts";
import type { JsonApi } from "../http/json-api.ts";
import { pageBound, pageQuerySchema } from "../storage/paging.ts";
import { registerHistoryExports } from "./export-routes.ts";
import { findEntries } from "./find-entries.ts";
import { HistoryReadings, requireHistory, scopeOf } from "./histories.ts";
import { HISTORY_PATHS, historyOf, historyParamsSchema } from "./history-paths.ts";
import { registerPublicHistories } from "./public-routes.ts";
import { registerReceiptRoutes } from "./receipt-routes.ts";
import { shownEntry } from "./shown-entry.ts";

const querySchema = auditFilterSchema.extend(pageQuerySchema.omit({ text: true }).shape);

export function registerHistoryRoutes(api: JsonApi, context: ServiceContext): void {
  const readings = new HistoryReadings(context);
  for (const { kind, action, path, of } of HISTORY_PATHS) {
    api.add({
      ...({ method: "GET", access: "user" } as const),
      action,
      path,
      summary: `The audit trail ${of}, newest first.`,
      params: historyParamsSchema,
      query: querySchema,
      answer: webAuditPageSchema,
      handle: async ({ params, query, principal, request }) => {
        const history = historyOf(kind, params);
        await requireHistory(context, history);
        const missing = await readings.begin(principal, history);
        const asked = { ...query, scope: scopeOf(history), below: pageBound(query) };
        const { entries, names, goesOnBelow } = await findEntries(context.db, asked);
        const described = { schema: webAuditEntrySchema, nameOf: ({ seq }: { seq: number }) => String(seq) };
        const shown = entries.map((entry) => shownEntry(entry, names));
        return {
          entries: fittingItems(request.log, described, shown),
          continuation: goesOnBelow === null ? null : String(goesOnBelow),
          missing,
        };
      },
    });
  }
  registerHistoryExports(api, context, readings);
  registerPublicHistories(api, context, readings);
  registerReceiptRoutes(api, context);
}

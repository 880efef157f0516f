/** Histories under the public API; its paths that are not documented stand here and nowhere else. */
import { z } from "zod";
import { historyPageSchema, historyQuerySchema } from "#shared/clearance-api/history.ts";
import type { WebAuditEntry } from "#shared/web-api/audit-api.ts";
import { EVIDENCE_BASE } from "../api/evidence-routes.ts";
import { checkTenant } from "../api/token-routes.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import { findEntries } from "./find-entries.ts";
import { type HistoryReadings, requireHistory, scopeOf } from "./histories.ts";
import { historyOf, historyParamsSchema } from "./history-paths.ts";
import { shownEntry } from "./shown-entry.ts";

const USERS = "/users/api/v1/tenant/:tenantId";
const PATHS = [
  { kind: "trail", action: "read-audit", path: `${USERS}/history`, suspicious: false, of: "of everything" },
  {
    kind: "trail",
    action: "read-audit",
    path: `${USERS}/suspiciousActivity`,
    suspicious: true,
    of: "of what somebody should look at",
  },
  {
    kind: "person",
    action: "read-audit",
    path: `${USERS}/user/:username/history`,
    suspicious: false,
    of: "of a person",
  },
  {
    kind: "case",
    action: "read-audit-of-case",
    path: "/cases/api/v1/case/:tenantId/:caseId/history",
    suspicious: false,
    of: "of a case",
  },
  {
    kind: "evidence",
    action: "read-audit-of-evidence",
    path: `${EVIDENCE_BASE}/:evidenceId/history`,
    suspicious: false,
    of: "of an evidence",
  },
] as const;

const paramsSchema = historyParamsSchema.extend({ tenantId: z.string() });

export function registerPublicHistories(
  api: JsonApi,
  context: ServiceContext,
  readings: HistoryReadings,
): void {
  for (const { kind, action, path, suspicious, of } of PATHS) {
    api.add({
      ...({ method: "GET", access: "service" } as const),
      action,
      path,
      summary: `The history ${of}, newest first.`,
      params: paramsSchema,
      query: historyQuerySchema,
      answer: historyPageSchema,
      handle: async ({ params, query, principal }) => {
        checkTenant(context, params.tenantId);
        const history = historyOf(kind, params);
        await requireHistory(context, history);
        await readings.begin(principal, history);
        const below = (query.startingConcurrencyId ?? Number.MAX_SAFE_INTEGER - 1) + 1;
        const asked = { suspicious, below, limit: query.count, scope: scopeOf(history) };
        const { entries, names, goesOnBelow } = await findEntries(context.db, asked);
        return {
          History: entries.map((entry) => toHistoryEntry(shownEntry(entry, names))),
          NextConcurrencyId: goesOnBelow === null ? null : goesOnBelow - 1,
        };
      },
    });
  }
}

function toHistoryEntry({
  actor,
  subject,
  ...entry
}: WebAuditEntry): z.input<typeof historyPageSchema>["History"][0] {
  return {
    ConcurrencyId: entry.seq,
    TimeUtc: entry.atUtc,
    Username: actor.kind === "person" ? actor.id : null,
    PrincipalId: actor.kind === "account" ? actor.id : null,
    Name: actor.name,
    Action: entry.action,
    Description: entry.words,
    SubjectId: subject.id,
    SubjectType: subject.about,
    SubjectName: subject.name,
    EvidenceId: entry.evidenceId,
    CaseId: entry.caseId,
    Details: entry.detail,
    Reason: entry.suspicion,
  };
}

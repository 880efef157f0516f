/** Where each history is asked for by the web application. */
import { z } from "zod";
import type { Action } from "../http/actions.ts";
import type { History, HistoryKind } from "./histories.ts";

/** Each names whose history it is by its parameters. */
export const HISTORY_PATHS = [
  { kind: "trail", action: "read-audit", path: "/web/api/audit", of: "of everything" },
  {
    kind: "case",
    action: "read-audit-of-case",
    path: "/web/api/cases/:caseId/audit",
    of: "of a case and what was in it",
  },
  {
    kind: "evidence",
    action: "read-audit-of-evidence",
    path: "/web/api/evidence/:evidenceId/audit",
    of: "of an evidence",
  },
  {
    kind: "person",
    action: "read-audit",
    path: "/web/api/people/:username/audit",
    of: "of what a person did, and what was done to it",
  },
] as const satisfies readonly {
  readonly kind: HistoryKind;
  readonly action: Action;
  readonly path: string;
  readonly of: string;
}[];

export const historyParamsSchema = z.object({
  caseId: z.string().optional(),
  evidenceId: z.string().optional(),
  username: z.string().optional(),
});

export function historyOf(kind: HistoryKind, params: z.infer<typeof historyParamsSchema>): History {
  return { kind, id: params.caseId ?? params.evidenceId ?? params.username ?? "" };
}

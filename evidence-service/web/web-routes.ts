/** What the web application asks; the contract is shared/web-api. */
import { z } from "zod";
import type { Case } from "#shared/clearance-api/case.ts";
import {
  meSchema,
  signInSchema,
  webCaseAnswerSchema,
  webCasePageSchema,
  webEvidenceAnswerSchema,
  webEvidencePageSchema,
  webVerificationSchema,
  type WebCase,
  type WebCaseAnswer,
} from "#shared/web-api/web-api.ts";
import { listCases, readCase, setCaseState } from "../api/case-records.ts";
import { readFieldTemplates } from "../api/case-routes.ts";
import { listEvidence, readEvidence } from "../api/evidence-records.ts";
import type { JsonApi } from "../api/json-api.ts";
import { actorOf, ANONYMOUS, type Principal } from "../api/principal.ts";
import type { ConsolidatedVideos } from "../consolidation/consolidated-videos.ts";
import type { ServiceContext } from "../service-context.ts";
import { recordAudit } from "../audit/audit-chain.ts";
import { pageQuerySchema } from "../storage/paging.ts";
import { verifyNow } from "../verification/verification-records.ts";
import type { SignIns } from "./sign-ins.ts";
import { describeMe, signOut, webPrincipal } from "./sessions.ts";
import { toWebEvidence, webEvidenceAnswer } from "./web-evidence.ts";

const ofCase = z.object({ caseId: z.string() });
const ofEvidence = z.object({ evidenceId: z.string() });

export function registerWebRoutes(
  api: JsonApi,
  context: ServiceContext,
  videos: ConsolidatedVideos,
  signIns: SignIns,
): void {
  registerSignIn(api, context, signIns);
  const recordView = viewRecorder(context);
  registerCases(api, context, recordView);
  registerEvidence(api, context, videos, recordView);
}

function registerSignIn(api: JsonApi, context: ServiceContext, signIns: SignIns): void {
  api.add({
    method: "POST",
    path: "/web/api/sign-in",
    summary: "Signs a person in.",
    access: "visitor",
    params: z.object({}),
    body: signInSchema,
    answer: meSchema,
    handle: async ({ body, request, reply }) => {
      const user = await signIns.signIn(request, reply, body);
      return describeMe(context, user);
    },
  });
  api.add({
    method: "POST",
    path: "/web/api/sign-out",
    summary: "Signs out.",
    access: "visitor",
    params: z.object({}),
    answer: meSchema,
    handle: async ({ request, reply }) => {
      await signOut(context, request, reply);
      return describeMe(context, ANONYMOUS);
    },
  });
  api.add({
    method: "GET",
    path: "/web/api/me",
    summary: "Who is signed in, if anybody.",
    access: "visitor",
    params: z.object({}),
    answer: meSchema,
    handle: async ({ request }) => describeMe(context, await webPrincipal(context, request)),
  });
}

function toWebCase(found: Case): WebCase {
  return {
    caseId: found.CaseId,
    name: found.Name,
    state: found.State === "Open" ? "open" : "closed",
    department: found.DepartmentName,
    category: found.CategoryName,
    recordNumber: found.RecordNumber,
    incidentNumber: found.IncidentNumber,
    incidentStartUtc: found.IncidentStartUtc,
    incidentEndUtc: found.IncidentEndUtc,
    description: found.Description,
    location: found.Location,
    tags: found.Tags,
    customFields: found.CustomFields.map(({ Name, Value }) => ({ name: Name, value: Value })),
    createdBy: found.CreatedBy,
    createdOnBehalfOf: found.CreatedOnBehalfOf,
    createdUtc: found.CreatedTimeUtc,
    evidenceCount: found.EvidenceCount,
  };
}

async function caseAnswer(context: ServiceContext, found: Case): Promise<WebCaseAnswer> {
  return { case: toWebCase(found), fieldLabels: await caseFieldLabels(context) };
}

/** The account's own labels, by the field that it renamed. */
async function caseFieldLabels(context: ServiceContext): Promise<Record<string, string>> {
  const templates = await readFieldTemplates(context);
  const renamed = templates
    .filter(({ type }) => type === "Case")
    .flatMap((template) => template.renamedFields);
  return Object.fromEntries(renamed.map(({ fieldId, customName }) => [fieldId, customName]));
}

/** Pages ask again and again while they are open; within this time that is one view. */
const ONE_VIEW_MS = 5 * 60_000;
const VIEWS_REMEMBERED = 1_000;

type RecordView = (principal: Principal, subject: string) => Promise<void>;

function viewRecorder(context: ServiceContext): RecordView {
  const latest = new Map<string, number>();
  return async (principal, subject) => {
    const actor = actorOf(principal);
    const key = `${actor} ${subject}`;
    const atUtcMs = context.now();
    if (atUtcMs - (latest.get(key) ?? -Infinity) < ONE_VIEW_MS) return;
    await recordAudit(context.db, { atUtcMs, actor, action: "VIEWED", subject });
    if (latest.size >= VIEWS_REMEMBERED) latest.clear();
    latest.set(key, atUtcMs);
  };
}

function registerCases(api: JsonApi, context: ServiceContext, recordView: RecordView): void {
  api.add({
    method: "GET",
    path: "/web/api/cases",
    summary: "Lists cases, newest first.",
    access: "user",
    right: "read-cases",
    params: z.object({}),
    query: pageQuerySchema,
    answer: webCasePageSchema,
    handle: async ({ query }) => {
      const page = await listCases(context, query);
      const fieldLabels = await caseFieldLabels(context);
      return { cases: page.Cases.map(toWebCase), continuation: page.Continuation, fieldLabels };
    },
  });
  api.add({
    method: "GET",
    path: "/web/api/cases/:caseId",
    summary: "Reads a case.",
    access: "user",
    right: "read-cases",
    params: ofCase,
    answer: webCaseAnswerSchema,
    handle: async ({ params, principal }) => {
      const found = await readCase(context, params.caseId);
      await recordView(principal, params.caseId);
      return caseAnswer(context, found);
    },
  });
  for (const [word, state] of [
    ["close", "Closed"],
    ["reopen", "Open"],
  ] as const) {
    api.add({
      method: "POST",
      path: `/web/api/cases/:caseId/${word}`,
      summary: `Lets a person ${word} a case.`,
      access: "user",
      right: "close-cases",
      params: ofCase,
      answer: webCaseAnswerSchema,
      handle: async ({ params, principal }) =>
        caseAnswer(context, await setCaseState(context, principal, params.caseId, state)),
    });
  }
}

function registerEvidence(
  api: JsonApi,
  context: ServiceContext,
  videos: ConsolidatedVideos,
  recordView: RecordView,
): void {
  const unassigned = z.stringbool().optional();
  api.add({
    method: "GET",
    path: "/web/api/evidence",
    summary: "Lists evidence, newest first.",
    access: "user",
    right: "read-evidence",
    params: z.object({}),
    query: pageQuerySchema.extend({ caseId: z.string().optional(), unassigned }),
    answer: webEvidencePageSchema,
    handle: async ({ query }) => {
      const page = await listEvidence(context, query);
      return { evidence: page.evidence.map(toWebEvidence), continuation: page.continuation };
    },
  });
  api.add({
    method: "GET",
    path: "/web/api/evidence/:evidenceId",
    summary: "Reads an evidence with its files and, when available, its video.",
    access: "user",
    right: "read-evidence",
    params: ofEvidence,
    answer: webEvidenceAnswerSchema,
    handle: async ({ params, principal }) => {
      const found = await readEvidence(context, params.evidenceId);
      await recordView(principal, params.evidenceId);
      return webEvidenceAnswer(context, videos, found);
    },
  });
  api.add({
    method: "POST",
    path: "/web/api/evidence/:evidenceId/verification",
    summary: "Verifies every stored byte of an evidence now, against its manifest where it has one.",
    access: "user",
    right: "verify-evidence",
    params: ofEvidence,
    answer: webVerificationSchema,
    handle: async ({ params, principal }) => {
      const { evidence } = await readEvidence(context, params.evidenceId);
      const { EvidenceId: evidenceId, LifecycleState: lifecycleState } = evidence;
      return verifyNow(context, principal, { evidenceId, lifecycleState });
    },
  });
}

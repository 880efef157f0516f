/** What the web application asks; the contract is shared/web-api. */
import { z } from "zod";
import type { Case } from "#shared/clearance-api/case.ts";
import {
  meSchema,
  signInSchema,
  webCaseAnswerSchema,
  webCaseChangeSchema,
  webCasePageSchema,
  webCaseSchema,
  webEvidenceSchema,
  webEvidenceAnswerSchema,
  webEvidencePageSchema,
  webFramesSchema,
  webResourceSchema,
  webVerificationSchema,
  type WebCase,
  type WebCaseChange,
  type WebResource,
  type WebCaseAnswer,
} from "#shared/web-api/web-api.ts";
import { changeCase } from "../api/case-change.ts";
import type { ToldFacts } from "../api/case-facts.ts";
import { listCases, readCase, setCaseState } from "../api/case-records.ts";
import { readFieldTemplates } from "../api/case-routes.ts";
import { listEvidence, readEvidence } from "../api/evidence-records.ts";
import { registerNoteRoutes } from "../casework/note-routes.ts";
import { unlinkEvidence } from "../api/unlink-evidence.ts";
import { fittingItems } from "../http/described-items.ts";
import type { JsonApi } from "../http/json-api.ts";
import { clientLeftSignal } from "../http/client-left.ts";
import { actorOf, ANONYMOUS, type Principal } from "../http/principal.ts";
import { framesAround } from "../consolidation/frames-around.ts";
import { askerOf, type PlayedParts, videoToPlay } from "../consolidation/media-routes.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { Readings } from "../audit/readings.ts";
import { pageQuerySchema } from "../storage/paging.ts";
import { levelOn } from "../rights/may.ts";
import { sightOf } from "../rights/sight.ts";
import { verifyNow } from "../verification/verification-records.ts";
import { registerPasskeyRoutes } from "./passkey-routes.ts";
import { registerSecondStepRoutes } from "./second-step-routes.ts";
import type { SignIns } from "./sign-ins.ts";
import { describeMe, signOut, webPrincipal } from "./signed-in.ts";
import { toWebEvidence, webEvidenceAnswer } from "./web-evidence.ts";

const caseParamsSchema = z.object({ caseId: z.string() });
const evidenceParamsSchema = z.object({ evidenceId: z.string() });

/** A position in a video; none lasts a year. */
const LONGEST_VIDEO_S = 366 * 24 * 3600;

interface WebParts extends PlayedParts {
  readonly signIns: SignIns;
}

export function registerWebRoutes(api: JsonApi, parts: WebParts): void {
  registerSignIn(api, parts.context, parts.signIns);
  const recordView = viewRecorder(parts.context);
  registerCases(api, parts.context, recordView);
  registerNoteRoutes(api, parts.context, recordView);
  registerEvidence(api, parts, recordView);
  registerPlayback(api, parts);
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
    handle: async ({ body, request, reply }) =>
      describeMe(context, await signIns.signIn(request, reply, body)),
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
      await signIns.secondSteps.giveUp({ request, reply });
      return describeMe(context, { principal: ANONYMOUS, secondStep: null });
    },
  });
  api.add({
    method: "GET",
    path: "/web/api/me",
    summary: "Who is signed in, if anybody.",
    access: "visitor",
    params: z.object({}),
    answer: meSchema,
    handle: async ({ request }) =>
      describeMe(context, {
        principal: await webPrincipal(context, request),
        secondStep: await signIns.secondSteps.waitsFor(request),
      }),
  });
  registerSecondStepRoutes(api, context, signIns.secondSteps);
  registerPasskeyRoutes(api, context, signIns);
}

function toWebCase(found: Case): WebCase {
  return {
    caseId: found.CaseId,
    name: found.Name,
    state: found.State === "Open" ? "open" : "closed",
    department: found.DepartmentName,
    category: found.CategoryName,
    categoryId: found.CategoryId,
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

/** As the public API names them; what is left out stays left out. */
function toldFacts(change: WebCaseChange): ToldFacts {
  const named = {
    ...{ Name: change.name, CategoryId: change.categoryId, RecordNumber: change.recordNumber },
    ...{ IncidentNumber: change.incidentNumber, IncidentStartUtc: change.incidentStartUtc },
    ...{ IncidentEndUtc: change.incidentEndUtc, Description: change.description },
    ...{ Location: change.location, Tags: change.tags },
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

async function caseAnswer(
  context: ServiceContext,
  principal: Principal,
  found: Case,
): Promise<WebCaseAnswer> {
  const level = await levelOn(context, principal, { on: "case", id: found.CaseId });
  return { case: toWebCase(found), level, fieldLabels: await caseFieldLabels(context) };
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

type RecordView = (principal: Principal, subject: string) => Promise<void>;

function viewRecorder({ db, now, passedMs }: ServiceContext): RecordView {
  const views = new Readings({ db, now, passedMs, windowMs: ONE_VIEW_MS });
  return (principal, subject) => views.record({ actor: actorOf(principal), action: "VIEWED", subject });
}

function registerCases(api: JsonApi, context: ServiceContext, recordView: RecordView): void {
  api.add({
    method: "GET",
    path: "/web/api/cases",
    summary: "Lists cases, newest first.",
    access: "user",
    action: "list-cases",
    params: z.object({}),
    query: pageQuerySchema,
    answer: webCasePageSchema,
    handle: async ({ query, principal, request }) => {
      const page = await listCases(context, query, await sightOf(context, principal, "cases"));
      const fieldLabels = await caseFieldLabels(context);
      const items = page.Cases.map(toWebCase);
      const cases = fittingItems(
        request.log,
        { schema: webCaseSchema, nameOf: ({ caseId }) => caseId },
        items,
      );
      return { cases, continuation: page.Continuation, fieldLabels };
    },
  });
  api.add({
    method: "GET",
    path: "/web/api/cases/:caseId",
    summary: "Reads a case.",
    access: "user",
    action: "read-case",
    params: caseParamsSchema,
    answer: webCaseAnswerSchema,
    handle: async ({ params, principal }) => {
      const found = await readCase(context, principal, params.caseId);
      await recordView(principal, params.caseId);
      return caseAnswer(context, principal, found);
    },
  });
  api.add({
    method: "POST",
    path: "/web/api/cases/:caseId/facts",
    summary: "Corrects the facts of a case; what is left out stays.",
    access: "user",
    action: "edit-case",
    params: caseParamsSchema,
    body: webCaseChangeSchema,
    answer: webCaseAnswerSchema,
    handle: async ({ params, body, principal }) => {
      const changed = await changeCase(context, principal, { ...params, told: toldFacts(body) });
      return caseAnswer(context, principal, changed);
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
      action: "close-case",
      params: caseParamsSchema,
      answer: webCaseAnswerSchema,
      handle: async ({ params, principal }) =>
        caseAnswer(context, principal, await setCaseState(context, principal, { ...params, state })),
    });
  }
}

function registerEvidence(api: JsonApi, parts: PlayedParts, recordView: RecordView): void {
  const { context } = parts;
  const unassignedSchema = z.stringbool().optional();
  api.add({
    method: "GET",
    path: "/web/api/evidence",
    summary: "Lists evidence, newest first.",
    access: "user",
    action: "list-evidence",
    params: z.object({}),
    query: pageQuerySchema.extend({ caseId: z.string().optional(), unassigned: unassignedSchema }),
    answer: webEvidencePageSchema,
    handle: async ({ query, principal, request }) => {
      const page = await listEvidence(context, query, await sightOf(context, principal, "evidence"));
      const items = page.evidence.map(toWebEvidence);
      const evidence = fittingItems(
        request.log,
        { schema: webEvidenceSchema, nameOf: ({ evidenceId }) => evidenceId },
        items,
      );
      return { evidence, continuation: page.continuation };
    },
  });
  api.add({
    method: "GET",
    path: "/web/api/evidence/:evidenceId",
    summary: "Reads an evidence with its files and, when available, its video.",
    access: "user",
    action: "read-evidence",
    params: evidenceParamsSchema,
    answer: webEvidenceAnswerSchema,
    handle: async ({ params, principal, request, reply }) => {
      const found = await readEvidence(context, params.evidenceId);
      await recordView(principal, params.evidenceId);
      const answer = await webEvidenceAnswer(parts, found, askerOf({ principal, reply }));
      const { resources } = answer;
      const fitting = fittingItems(
        request.log,
        { schema: webResourceSchema, nameOf: ({ resourceId }) => resourceId },
        resources,
      );
      const level = await levelOn(context, principal, { on: "evidence", id: params.evidenceId });
      return { ...answer, level, resources: level === "view" ? withoutDownloads(fitting) : fitting };
    },
  });
  api.add({
    method: "POST",
    path: "/web/api/evidence/:evidenceId/unlink",
    summary: "Takes an evidence out of its case; it keeps the rights that the case gives at that moment.",
    access: "user",
    action: "unlink-evidence",
    params: evidenceParamsSchema,
    answer: z.object({}),
    handle: async ({ params, principal }) => {
      await unlinkEvidence(context, principal, params.evidenceId);
      return {};
    },
  });
}

/** Files that may be looked at alone. */
const withoutDownloads = <R extends Pick<WebResource, "contentPath" | "encryptedPath">>(
  resources: R[],
): R[] => resources.map((resource) => ({ ...resource, contentPath: null, encryptedPath: null }));

function registerPlayback(api: JsonApi, parts: PlayedParts): void {
  const { context } = parts;
  api.add({
    method: "GET",
    path: "/web/api/evidence/:evidenceId/frames",
    summary: "When the frames around a position of the consolidated video begin.",
    access: "user",
    action: "play-evidence",
    params: evidenceParamsSchema,
    query: z.object({ aroundS: z.coerce.number().min(0).max(LONGEST_VIDEO_S) }),
    answer: webFramesSchema,
    handle: async ({ params, query, ...asking }) => {
      const { hls } = await videoToPlay(parts, params.evidenceId, askerOf(asking));
      return framesAround(hls, query.aroundS);
    },
  });
  api.add({
    method: "POST",
    path: "/web/api/evidence/:evidenceId/verification",
    summary: "Verifies every stored byte of an evidence now, against its manifest where it has one.",
    access: "user",
    action: "verify-evidence",
    params: evidenceParamsSchema,
    answer: webVerificationSchema,
    handle: async ({ params, principal, reply }) => {
      const { evidence } = await readEvidence(context, params.evidenceId);
      const { EvidenceId: evidenceId, LifecycleState: lifecycleState } = evidence;
      return verifyNow(
        context,
        { principal, signal: clientLeftSignal(reply) },
        { evidenceId, lifecycleState },
      );
    },
  });
}

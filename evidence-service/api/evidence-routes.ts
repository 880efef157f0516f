/** Document service; paths marked "ours" in the design stand here and nowhere else. */
import { z } from "zod";
import {
  completeEvidenceSchema,
  createdResourceSchema,
  createEvidenceSchema,
  createResourceSchema,
  evidencePageSchema,
  evidenceSchema,
  readAddressSchema,
  resourceListSchema,
  resourceSchema,
} from "#shared/clearance-api/evidence.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { pageQuerySchema } from "../storage/paging.ts";
import { completeEvidence } from "./evidence-completion.ts";
import { createEvidence, listEvidence, readEvidence } from "./evidence-records.ts";
import { fittingItems } from "../http/described-items.ts";
import type { JsonApi } from "../http/json-api.ts";
import { publicPolicies } from "../rights/public-policies.ts";
import { sightOf } from "../rights/sight.ts";
import { giveReadAddress } from "./read-address.ts";
import {
  completeResource,
  createResource,
  readResource,
  resourcesOf,
  toResource,
} from "./resource-records.ts";
import type { StoredChecksums } from "./stored-checksums.ts";
import { checkTenant } from "./token-routes.ts";

export const EVIDENCE_BASE = "/documents/api/v1/tenant/:tenantId/evidence";
const tenantParamsSchema = z.object({ tenantId: z.string() });
export const evidenceParamsSchema = tenantParamsSchema.extend({ evidenceId: z.string() });
export const resourceParamsSchema = evidenceParamsSchema.extend({ resourceId: z.string() });

export function registerEvidenceRoutes(
  api: JsonApi,
  context: ServiceContext,
  checksums: StoredChecksums,
): void {
  registerEvidence(api, context);
  registerResources(api, context);
  registerCompletion(api, context, checksums);
}

function registerEvidence(api: JsonApi, context: ServiceContext): void {
  api.add({
    method: "POST",
    path: EVIDENCE_BASE,
    summary: "Creates an evidence; the same ExternalId answers the evidence that exists.",
    access: "service",
    action: "create-evidence",
    params: tenantParamsSchema,
    body: createEvidenceSchema,
    answer: evidenceSchema,
    handle: async ({ params, body, principal }) => {
      checkTenant(context, params.tenantId);
      return createEvidence(context, principal, body);
    },
  });
  api.add({
    method: "GET",
    path: EVIDENCE_BASE,
    summary: "Lists evidence, newest first.",
    access: "service",
    action: "list-evidence",
    params: tenantParamsSchema,
    query: pageQuerySchema.extend({ caseId: z.string().optional() }),
    answer: evidencePageSchema,
    handle: async ({ params, query, principal, request }) => {
      checkTenant(context, params.tenantId);
      const page = await listEvidence(context, query, await sightOf(context, principal, "evidence"));
      const items = page.evidence.map((item) => item.evidence);
      const Evidence = fittingItems(
        request.log,
        { schema: evidenceSchema, nameOf: ({ EvidenceId }) => EvidenceId },
        items,
      );
      return { Evidence, Continuation: page.continuation };
    },
  });
  api.add({
    method: "GET",
    path: `${EVIDENCE_BASE}/:evidenceId`,
    summary: "Reads an evidence.",
    access: "service",
    action: "read-evidence",
    params: evidenceParamsSchema,
    answer: evidenceSchema,
    handle: async ({ params, principal }) => {
      checkTenant(context, params.tenantId);
      const { evidenceId } = params;
      const { evidence } = await readEvidence(context, evidenceId);
      const of = { evidenceId, caseId: evidence.CaseId };
      return { ...evidence, AccessPolicies: await publicPolicies(context, principal, of) };
    },
  });
}

function registerResources(api: JsonApi, context: ServiceContext): void {
  api.add({
    method: "POST",
    path: `${EVIDENCE_BASE}/:evidenceId/resource`,
    summary: "Announces a file and answers where to upload it; a fresh address each time.",
    access: "service",
    action: "send-evidence",
    params: evidenceParamsSchema,
    body: createResourceSchema,
    answer: createdResourceSchema,
    handle: async ({ params, body, principal }) => {
      checkTenant(context, params.tenantId);
      return createResource(context, principal, { evidenceId: params.evidenceId, body });
    },
  });
  api.add({
    method: "GET",
    path: `${EVIDENCE_BASE}/:evidenceId/resource`,
    summary: "Lists the files of an evidence.",
    access: "service",
    action: "read-evidence",
    params: evidenceParamsSchema,
    answer: resourceListSchema,
    handle: async ({ params, request }) => {
      checkTenant(context, params.tenantId);
      await readEvidence(context, params.evidenceId);
      const items = (await resourcesOf(context, params.evidenceId)).map(toResource);
      return fittingItems(
        request.log,
        { schema: resourceSchema, nameOf: ({ ResourceId }) => ResourceId },
        items,
      );
    },
  });
  api.add({
    method: "GET",
    path: `${EVIDENCE_BASE}/:evidenceId/resource/:resourceId`,
    summary: "Reads what is known of one file.",
    access: "service",
    action: "read-evidence",
    params: resourceParamsSchema,
    answer: resourceSchema,
    handle: async ({ params }) => {
      checkTenant(context, params.tenantId);
      return toResource(await readResource(context, params));
    },
  });
}

function registerCompletion(api: JsonApi, context: ServiceContext, checksums: StoredChecksums): void {
  api.add({
    method: "POST",
    path: `${EVIDENCE_BASE}/:evidenceId/complete`,
    summary: "Completes an evidence with the checksums of its encrypted files.",
    access: "service",
    action: "send-evidence",
    params: evidenceParamsSchema,
    body: completeEvidenceSchema,
    answer: evidenceSchema,
    handle: async ({ params, body, principal }) => {
      checkTenant(context, params.tenantId);
      return completeEvidence({ context, checksums, principal }, params.evidenceId, body);
    },
  });
  api.add({
    method: "POST",
    path: `${EVIDENCE_BASE}/:evidenceId/resource/:resourceId/complete`,
    summary: "Accepts an uploaded file; from now on it cannot change.",
    access: "service",
    action: "send-evidence",
    params: resourceParamsSchema,
    answer: resourceSchema,
    handle: async ({ params, principal }) => {
      checkTenant(context, params.tenantId);
      const resource = await completeResource(context, principal, params);
      checksums.prepare(resource.ResourceId, resource.LengthBytes ?? 0);
      return resource;
    },
  });
  api.add({
    method: "POST",
    path: `${EVIDENCE_BASE}/:evidenceId/resource/:resourceId/read-address`,
    summary: "Answers where an Azure client reads a stored file; for an hour.",
    access: "service",
    action: "download-evidence",
    params: resourceParamsSchema,
    answer: readAddressSchema,
    handle: async ({ params, principal }) => {
      checkTenant(context, params.tenantId);
      return giveReadAddress(context, principal, params);
    },
  });
}

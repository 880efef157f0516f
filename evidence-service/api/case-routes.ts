/** Case service and custom field service; paths marked "ours" in the design stand here and nowhere else. */
import { z } from "zod";
import {
  caseSchema,
  casePageSchema,
  categoryListSchema,
  createCaseSchema,
  departmentListSchema,
  fieldTemplatesSchema,
} from "#shared/clearance-api/case.ts";
import { evidenceSchema } from "#shared/clearance-api/evidence.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { IN_THEIR_ORDER } from "../storage/catalogue-order.ts";
import { readJson } from "../storage/read-json.ts";
import { pageQuerySchema } from "../storage/paging.ts";
import { createCase, listCases, readCase, setCaseState } from "./case-records.ts";
import { sightOf } from "../rights/sight.ts";
import { linkEvidence } from "./evidence-records.ts";
import { fittingItems } from "../http/described-items.ts";
import type { JsonApi } from "../http/json-api.ts";
import { checkTenant } from "./token-routes.ts";

/** Of lists that an administrator made, and nobody pages through. */
const LIST_MAX = 1_000;
const BASE = "/cases/api/v1";
const tenantParamsSchema = z.object({ tenantId: z.string() });
const caseParamsSchema = tenantParamsSchema.extend({ caseId: z.string() });

export function registerCaseRoutes(api: JsonApi, context: ServiceContext): void {
  registerCases(api, context);
  registerChanges(api, context);
  registerLists(api, context);
}

function registerCases(api: JsonApi, context: ServiceContext): void {
  const checked = { access: "service", answer: caseSchema } as const;
  api.add({
    ...checked,
    action: "create-case",
    method: "POST",
    path: `${BASE}/case/:tenantId`,
    summary: "Creates a case; the same ExternalId answers the case that exists.",
    params: tenantParamsSchema,
    body: createCaseSchema,
    handle: async ({ params, body, principal }) => {
      checkTenant(context, params.tenantId);
      return createCase(context, principal, body);
    },
  });
  api.add({
    method: "GET",
    path: `${BASE}/case/:tenantId`,
    summary: "Lists cases, newest first.",
    access: "service",
    action: "list-cases",
    params: tenantParamsSchema,
    query: pageQuerySchema,
    answer: casePageSchema,
    handle: async ({ params, query, principal, request }) => {
      checkTenant(context, params.tenantId);
      const page = await listCases(context, query, await sightOf(context, principal, "cases"));
      const Cases = fittingItems(
        request.log,
        { schema: caseSchema, nameOf: ({ CaseId }) => CaseId },
        page.Cases,
      );
      return { ...page, Cases };
    },
  });
  api.add({
    ...checked,
    action: "read-case",
    method: "GET",
    path: `${BASE}/case/:tenantId/:caseId`,
    summary: "Reads a case.",
    params: caseParamsSchema,
    handle: async ({ params, principal }) => {
      checkTenant(context, params.tenantId);
      return readCase(context, principal, params.caseId);
    },
  });
}

function registerChanges(api: JsonApi, context: ServiceContext): void {
  for (const [word, state] of [
    ["close", "Closed"],
    ["reopen", "Open"],
  ] as const) {
    api.add({
      access: "service",
      answer: caseSchema,
      action: "close-case",
      method: "POST",
      path: `${BASE}/case/:tenantId/:caseId/${word}`,
      summary: `Lets an administrator ${word} a case; twice is the same as once.`,
      params: caseParamsSchema,
      handle: async ({ params, principal }) => {
        checkTenant(context, params.tenantId);
        return setCaseState(context, principal, { caseId: params.caseId, state });
      },
    });
  }
  api.add({
    method: "PUT",
    path: `${BASE}/case/:tenantId/:caseId/evidence/:evidenceId`,
    summary: "Links an evidence to a case; twice is the same as once.",
    access: "service",
    action: "link-evidence",
    params: caseParamsSchema.extend({ evidenceId: z.string() }),
    answer: evidenceSchema,
    handle: async ({ params, principal }) => {
      checkTenant(context, params.tenantId);
      return linkEvidence(context, principal, params);
    },
  });
}

function registerLists(api: JsonApi, context: ServiceContext): void {
  api.add({
    method: "GET",
    path: `${BASE}/department/:tenantId`,
    summary: "Lists departments.",
    access: "service",
    action: "read-lists",
    params: tenantParamsSchema,
    answer: departmentListSchema,
    handle: async ({ params }) => {
      checkTenant(context, params.tenantId);
      const rows = await context.db
        .selectFrom("department")
        .selectAll()
        .where("retiredUtcMs", "is", null)
        .orderBy(IN_THEIR_ORDER)
        .limit(LIST_MAX)
        .execute();
      return rows.map((row) => ({ DepartmentId: row.departmentId, Name: row.name }));
    },
  });
  api.add({
    method: "GET",
    path: `${BASE}/category/:tenantId`,
    summary: "Lists categories.",
    access: "service",
    action: "read-lists",
    params: tenantParamsSchema,
    answer: categoryListSchema,
    handle: async ({ params }) => {
      checkTenant(context, params.tenantId);
      const rows = await context.db
        .selectFrom("category")
        .selectAll()
        .where("retiredUtcMs", "is", null)
        .orderBy(IN_THEIR_ORDER)
        .limit(LIST_MAX)
        .execute();
      return rows.map((row) => ({ CategoryId: row.categoryId, Name: row.name }));
    },
  });
  api.add({
    method: "GET",
    path: "/customfieldservice/api/v1/template/:tenantId",
    summary: "Custom fields and renamed default fields.",
    access: "service",
    action: "read-lists",
    params: tenantParamsSchema,
    answer: fieldTemplatesSchema,
    handle: async ({ params }) => {
      checkTenant(context, params.tenantId);
      return readFieldTemplates(context);
    },
  });
}

export async function readFieldTemplates(
  context: ServiceContext,
): Promise<z.infer<typeof fieldTemplatesSchema>> {
  const rows = await context.db.selectFrom("fieldTemplate").selectAll().orderBy("type").execute();
  const { renamedFields, customFields } = fieldTemplatesSchema.element.shape;
  // What cannot be read of one is left out, and hides neither the others nor the cases themselves.
  return rows.map((row) => ({
    type: row.type,
    renamedFields: readJson(renamedFields, row.renamedFieldsJson) ?? [],
    customFields: readJson(customFields, row.customFieldsJson) ?? [],
  }));
}

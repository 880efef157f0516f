/** Who sees a case, an evidence, and what new ones begin with: read, changed, and why. */
import { z } from "zod";
import {
  webAccessChangeSchema,
  type WebAccess,
  webAccessSchema,
  type WebAccessChange,
  webHoldersSchema,
  type WebReasons,
  webReasonsSchema,
} from "#shared/web-api/access.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { type Action, levelOf, LEVELS } from "../http/actions.ts";
import type { JsonApi } from "../http/json-api.ts";
import type { Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import type { HolderName } from "../storage/account-rights.ts";
import { isoInstantOrNull } from "../storage/iso-instant.ts";
import { findHolders, nameHolders } from "./holder-names.ts";
import { mayHolder } from "./may.ts";
import { changePolicy, policiesOf, UNFILED } from "./policies.ts";
import type { Grant, Scope } from "./policy.ts";

interface Place {
  readonly path: string;
  readonly what: string;
  readonly action: Action;
  readonly params: z.ZodType<Readonly<Record<string, string>>>;
  /** @throws Refusal for what has no policies of its own */
  readonly scopeOf: (context: ServiceContext, params: Readonly<Record<string, string>>) => Promise<Scope>;
}

const PLACES: readonly Place[] = [
  {
    path: "/web/api/cases/:caseId/access",
    what: "a case and the evidence in it",
    action: "manage-access-to-case",
    params: z.object({ caseId: z.string() }),
    scopeOf: async (_context, { caseId: id = "" }) => ({ kind: "case", id }),
  },
  {
    path: "/web/api/evidence/:evidenceId/access",
    what: "an evidence that is in no case",
    action: "manage-access-to-evidence",
    params: z.object({ evidenceId: z.string() }),
    scopeOf: async (context, { evidenceId: id = "" }) => {
      await refuseFiled(context, id);
      return { kind: "evidence", id };
    },
  },
  {
    path: "/web/api/departments/:departmentId/access",
    what: "each new case of a department",
    action: "manage-default-access",
    params: z.object({ departmentId: z.string() }),
    scopeOf: async (context, { departmentId: id = "" }) => {
      await refuseUnknownDepartment(context, id);
      return { kind: "department", id };
    },
  },
  {
    path: "/web/api/unfiled-evidence/access",
    what: "each new evidence that is in no case",
    action: "manage-default-access",
    params: z.object({}),
    scopeOf: async () => UNFILED,
  },
];

/** Whose reasons are asked for. */
const askedForSchema = z.object({
  kind: z.enum(["user", "group", "service"]),
  id: z.string().min(1).max(128),
});

export function registerAccessRoutes(api: JsonApi, context: ServiceContext): void {
  for (const place of PLACES) registerPlace(api, context, place);
  api.add({
    method: "GET",
    path: "/web/api/holders",
    summary: "People and groups whose names have a text, for whoever gives them rights.",
    access: "user",
    action: "read-lists",
    params: z.object({}),
    query: z.object({ text: z.string().max(128).default("") }),
    answer: webHoldersSchema,
    handle: async ({ query }) => ({ holders: await findHolders(context.db, query.text) }),
  });
}

function registerPlace(api: JsonApi, context: ServiceContext, place: Place): void {
  const { path, what, action, params, scopeOf } = place;
  const route = { path, access: "user", action, params, answer: webAccessSchema } as const;
  api.add({
    ...route,
    method: "GET",
    summary: `Who sees ${what}.`,
    handle: async (input) => accessOf(context, await scopeOf(context, input.params)),
  });
  api.add({
    ...route,
    method: "POST",
    summary: `Gives somebody a right to ${what}, another one than before, or none.`,
    body: webAccessChangeSchema,
    handle: async ({ params: given, body, principal }) =>
      change(context, await scopeOf(context, given), { principal, body }),
  });
  if (action === "manage-default-access") return;
  api.add({
    method: "GET",
    path: `${path}/reasons`,
    summary: `Why somebody sees ${what}.`,
    access: "user",
    action,
    params,
    query: askedForSchema,
    answer: webReasonsSchema,
    handle: async ({ params: { caseId, evidenceId }, query }) =>
      caseId === undefined
        ? reasons(context, query, { action: "read-evidence", id: evidenceId ?? "" })
        : reasons(context, query, { action: "read-case", id: caseId }),
  });
}

async function accessOf({ db }: ServiceContext, scope: Scope): Promise<WebAccess> {
  const policies = await policiesOf(db, scope);
  const named = await nameHolders(
    db,
    policies.map(({ holder }) => holder),
  );
  return {
    policies: policies.map(({ level, fromUtcMs, untilUtcMs, recordedFromUtcMs, holder }, index) => ({
      holder: named[index] ?? { ...holder, name: holder.id },
      level,
      fromUtc: isoInstantOrNull(fromUtcMs),
      untilUtc: isoInstantOrNull(untilUtcMs),
      recordedFromUtc: isoInstantOrNull(recordedFromUtcMs),
    })),
  };
}

async function change(
  context: ServiceContext,
  scope: Scope,
  { principal, body }: { readonly principal: Principal; readonly body: WebAccessChange },
): Promise<WebAccess> {
  const { holder, grant } = body;
  await changePolicy(context, { principal, scope, holder, grant: grant === null ? null : grantOf(grant) });
  return accessOf(context, scope);
}

function grantOf({
  level,
  fromUtc,
  untilUtc,
  recordedFromUtc,
}: NonNullable<WebAccessChange["grant"]>): Grant {
  return {
    level,
    fromUtcMs: utcMs(fromUtc),
    untilUtcMs: utcMs(untilUtc),
    recordedFromUtcMs: utcMs(recordedFromUtc),
  };
}

async function reasons(
  context: ServiceContext,
  asker: HolderName,
  asked: { readonly action: Action; readonly id: string },
): Promise<WebReasons> {
  const { because } = await mayHolder(context, asker, asked);
  const named = await nameHolders(
    context.db,
    because.map(({ via }) => via),
  );
  const found = because.flatMap(({ source, via, level, code, untilUtcMs }, index) => {
    if (source === "there") return [];
    const given = code === "oversee" ? LEVELS.manage : level;
    const holder = named[index] ?? { ...via, name: via.id };
    return [{ source, via: holder, given, untilUtc: isoInstantOrNull(untilUtcMs) }];
  });
  const most = Math.max(0, ...found.map(({ given }) => given));
  return {
    level: most === 0 ? null : levelOf(most),
    reasons: found.map(({ given, ...reason }) => ({
      ...{ ...reason, level: given === 0 ? null : levelOf(given) },
    })),
  };
}

/** @throws Refusal 409 IN_A_CASE */
async function refuseFiled({ db }: ServiceContext, evidenceId: string): Promise<void> {
  const row = await db
    .selectFrom("evidence")
    .select("caseId")
    .where("evidenceId", "=", evidenceId)
    .executeTakeFirst();
  if (row === undefined) throw notFound("evidence");
  if (row.caseId === null) return;
  throw new Refusal("IN_A_CASE", "Whoever sees the case sees the evidence in it.");
}

/** @throws Refusal 404 */
async function refuseUnknownDepartment({ db }: ServiceContext, departmentId: string): Promise<void> {
  const row = await db
    .selectFrom("department")
    .select("seq")
    .where("departmentId", "=", departmentId)
    .executeTakeFirst();
  if (row === undefined) throw notFound("department");
}

const utcMs = (text: string | null): number | null => (text === null ? null : Date.parse(text));

/** Retention and the recycle bin, for those who keep them; protection, for those who manage what is protected. */
import { z } from "zod";
import { visibleName } from "#shared/domain/names.ts";
import {
  binSchema,
  newProtectionSchema,
  type NextToGo,
  nextToGoSchema,
  removalAnswerSchema,
  retentionSettingsSchema,
  takeBackSchema,
  type WebRetention,
  webProtectionSchema,
  webRetentionSchema,
} from "#shared/web-api/retention.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import { actorOf } from "../http/principal.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { emptyBin, listBin, removeByHand, takeBack } from "./bin-by-hand.ts";
import { dueEvidence, retainedEvidence } from "./due-evidence.ts";
import { liftProtection, type Protected, protect, protectionsOf } from "./protection.ts";
import type { RetentionClock } from "./retention-clock.ts";
import { changeRetention, readRetention } from "./retention-settings.ts";
import { DAY_MS } from "./rule.ts";

const pageSchema = z.object({
  after: z
    .string()
    .regex(/^\d{1,16}\.[\w-]{1,64}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const nextQuerySchema = pageSchema.extend({ days: z.coerce.number().int().min(0).max(36_525).default(30) });
const binnedParamsSchema = z.object({ binnedId: z.string() });
const noneSchema = z.object({});

export function registerRetentionRoutes(api: JsonApi, context: ServiceContext, clock: RetentionClock): void {
  registerSettings(api, context, clock);
  registerBin(api, context);
  registerProtection(api, context, {
    ...{ kind: "case", path: "/web/api/cases/:caseId/protection" },
    ...{ params: z.object({ caseId: z.string() }), idOf: ({ caseId }) => caseId ?? "" },
    ...{ read: "read-case", change: "protect-case" },
  });
  registerProtection(api, context, {
    ...{ kind: "evidence", path: "/web/api/evidence/:evidenceId/protection" },
    ...{ params: z.object({ evidenceId: z.string() }), idOf: ({ evidenceId }) => evidenceId ?? "" },
    ...{ read: "read-evidence", change: "protect-evidence" },
  });
}

function registerSettings(api: JsonApi, context: ServiceContext, clock: RetentionClock): void {
  const path = "/web/api/administration/retention";
  const route = {
    access: "user",
    params: noneSchema,
    answer: webRetentionSchema,
    action: "manage-catalogue",
  } as const;
  const answer = async (): Promise<WebRetention> => ({
    settings: await readRetention(context.db),
    clockAheadMs: clock.aheadMs,
  });
  api.add({
    ...{ ...route, method: "GET", path },
    summary: "How long evidence is kept that no category says it of, and whether the clock is believed.",
    handle: answer,
  });
  api.add({
    ...{ ...route, method: "POST", path, body: retentionSettingsSchema },
    summary: "Changes that.",
    handle: async ({ body, principal }) => {
      await changeRetention(context, principal, body);
      return answer();
    },
  });
  api.add({
    ...{ ...route, method: "POST", path: `${path}/clock` },
    summary:
      "Says that the service's clock is right, although it is further ahead than what the service saw pass.",
    handle: async ({ principal }) => {
      await context.db.transaction().execute(async (transaction) => {
        await clock.confirm(transaction);
        const entry = { atUtcMs: context.now(), actor: actorOf(principal), action: "CLOCK_CONFIRMED" };
        await appendAudit(transaction, { ...entry, subject: "retention" });
      });
      return answer();
    },
  });
}

function registerBin(api: JsonApi, context: ServiceContext): void {
  const route = { access: "user", action: "manage-retention" } as const;
  api.add({
    ...{
      ...route,
      method: "GET",
      path: "/web/api/retention/next",
      params: noneSchema,
      query: nextQuerySchema,
    },
    summary: "What retention would let go within some days, and why: a dry run, by which nothing goes.",
    answer: nextToGoSchema,
    handle: ({ query }) => nextToGo(context, query),
  });
  api.add({
    ...{ ...route, method: "GET", path: "/web/api/recycle-bin", params: noneSchema, query: pageSchema },
    summary: "What lies in the recycle bin, the longest first.",
    answer: binSchema,
    handle: ({ query }) => listBin(context, { ...query, after: query.after ?? null }),
  });
  api.add({
    ...{ ...route, method: "POST", path: "/web/api/recycle-bin/:binnedId/take-back" },
    summary: "Takes evidence back from the recycle bin, and protects it from deletion with the reason.",
    ...{ params: binnedParamsSchema, body: takeBackSchema, answer: noneSchema },
    handle: async ({ params, body, principal }) => {
      await takeBack(context, principal, { evidenceId: params.binnedId, ...body });
      return {};
    },
  });
  const removal = { ...route, method: "POST", answer: removalAnswerSchema } as const;
  api.add({
    ...{ ...removal, path: "/web/api/recycle-bin/:binnedId/remove", params: binnedParamsSchema },
    summary: "Removes evidence in the recycle bin for good, or asks a second person to.",
    handle: ({ params, principal }) => removeByHand(context, principal, params.binnedId),
  });
  api.add({
    ...{ ...removal, path: "/web/api/recycle-bin/empty", params: noneSchema },
    summary: "The same of all that lies there; what is protected stays.",
    handle: ({ principal }) => emptyBin(context, principal),
  });
}

async function nextToGo(
  { db, now }: ServiceContext,
  { days, after, limit }: z.output<typeof nextQuerySchema>,
): Promise<NextToGo> {
  const settings = await readRetention(db);
  const [goesUtcMs, seq] = after?.split(".").map(Number) ?? [];
  const found = await dueEvidence(db, settings, {
    untilUtcMs: now() + days * DAY_MS,
    after: goesUtcMs === undefined || seq === undefined ? null : { goesUtcMs, seq },
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const evidence: NextToGo["evidence"] = [];
  for (const { evidenceId, goesUtcMs: atUtcMs } of page) {
    const retained = await retainedEvidence(db, settings, evidenceId);
    if (retained === null) continue;
    const { name, caseName, because } = retained;
    evidence.push({
      ...{ evidenceId, name: visibleName(name), because: visibleName(because) },
      caseName: caseName === null ? null : visibleName(caseName),
      goesUtc: isoInstant(atUtcMs),
    });
  }
  const last = page.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { evidence, continuation: hasMore ? `${last.goesUtcMs}.${last.seq}` : null };
}

interface ProtectionRoutes {
  readonly kind: Protected["kind"];
  readonly path: string;
  readonly params: z.ZodType<Readonly<Record<string, string>>>;
  readonly idOf: (params: Readonly<Record<string, string>>) => string;
  readonly read: "read-case" | "read-evidence";
  readonly change: "protect-case" | "protect-evidence";
}

function registerProtection(api: JsonApi, context: ServiceContext, routes: ProtectionRoutes): void {
  const { kind, path, params, idOf, read, change } = routes;
  const route = { access: "user", params, answer: webProtectionSchema } as const;
  const answer = async (id: string) => ({ protections: await protectionsOf(context.db, { kind, id }) });
  api.add({
    ...{ ...route, method: "GET", path, action: read },
    summary: `Whether the ${kind} is protected from deletion, by whom and why.`,
    handle: ({ params: named }) => answer(idOf(named)),
  });
  api.add({
    ...{ ...route, method: "POST", path, action: change, body: newProtectionSchema },
    summary: `Protects the ${kind} from deletion, whatever its retention says.`,
    handle: async ({ params: named, body, principal }) => {
      await protect(context, principal, { kind, id: idOf(named), ...body });
      return answer(idOf(named));
    },
  });
  api.add({
    ...{ ...route, method: "POST", path: `${path}/lift`, action: change },
    summary: `Lifts the protection of the ${kind}, or asks a second person to.`,
    handle: async ({ params: named, principal }) => {
      await liftProtection(context, principal, { kind, id: idOf(named) });
      return answer(idOf(named));
    },
  });
}

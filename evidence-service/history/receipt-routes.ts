/** Receipts of an evidence and of a case, signed, for whoever may see them. */
import { Readable } from "node:stream";
import { z } from "zod";
import { listEvidence } from "../api/evidence-records.ts";
import { readCase } from "../api/case-records.ts";
import { appendAudit, sortedJson } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi, RouteInput } from "../http/json-api.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { sightOf } from "../rights/sight.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { evidenceReceipt } from "./evidence-receipt.ts";
import { signedFile } from "./signed-file.ts";

const MEDIA_TYPE = "application/json";
const PAGE = 100;

export function registerReceiptRoutes(api: JsonApi, context: ServiceContext): void {
  api.addBytes({
    path: "/web/api/evidence/:evidenceId/receipt",
    summary: "A signed receipt: what it is, by whom, of which files, and where the audit trail stood.",
    access: "user",
    action: "read-evidence",
    params: z.object({ evidenceId: z.string() }),
    mediaType: MEDIA_TYPE,
    handle: async (input) => {
      const { evidenceId } = input.params;
      const said = await evidenceReceipt(context, evidenceId);
      await send(context, input, {
        ...{ id: evidenceId, action: "RECEIPT_GIVEN" },
        parts: (given) => [sortedJson({ ...said, ...given })],
      });
    },
  });
  api.addBytes({
    path: "/web/api/cases/:caseId/receipt",
    summary: "A signed receipt of a case, with the evidence in it that the caller sees.",
    access: "user",
    action: "read-case",
    params: z.object({ caseId: z.string() }),
    mediaType: MEDIA_TYPE,
    handle: async (input) => {
      const { caseId } = input.params;
      const found = await readCase(context, input.principal, caseId);
      await send(context, input, {
        ...{ id: caseId, action: "RECEIPT_OF_CASE_GIVEN" },
        parts: (given) => caseReceipt(context, input.principal, { found, given }),
      });
    },
  });
}

/** By whom and when a receipt was given, and where the trail stood. */
interface Given {
  readonly by: string;
  readonly issuedUtc: string;
  readonly tenant: string;
  readonly trail: { readonly seq: number; readonly hash: string };
}

interface Receipt {
  /** Of what it is. */
  readonly id: string;
  readonly action: string;
  /** The text of the signed part, in canonical form. */
  readonly parts: (given: Given) => AsyncIterable<string> | Iterable<string>;
}

async function send(
  context: ServiceContext,
  { principal, request, reply }: RouteInput<unknown, unknown, unknown>,
  { id, action, parts }: Receipt,
): Promise<void> {
  if (request.method === "HEAD") return void reply.type(MEDIA_TYPE).send();
  const by = actorOf(principal);
  const trail = await enter(context, { actor: by, action, subject: id });
  const given = { by, issuedUtc: isoInstant(context.now()), tenant: context.keys.tenantId, trail };
  void reply
    .type(MEDIA_TYPE)
    .header("content-disposition", `attachment; filename="receipt-${id}.json"`)
    .header("cache-control", "private, no-store")
    .send(Readable.from(signedFile(context, "receipt", parts(given))));
}

/** In the order of the names, as canonical JSON has them: by, case, evidence, issuedUtc, … */
async function* caseReceipt(
  context: ServiceContext,
  principal: Principal,
  { found, given: { by, ...given } }: { readonly found: { readonly CaseId: string }; readonly given: Given },
): AsyncGenerator<string> {
  const sight = await sightOf(context, principal, "evidence");
  yield `{"by":${sortedJson(by)},"case":${sortedJson(found)},"evidence":[`;
  let isFirst = true;
  for (let continuation: string | undefined = ""; continuation !== undefined;) {
    const from = continuation === "" ? {} : { continuation };
    const query = { caseId: found.CaseId, limit: PAGE, ...from };
    const page: Awaited<ReturnType<typeof listEvidence>> = await listEvidence(context, query, sight);
    for (const { evidence } of page.evidence) {
      yield (isFirst ? "" : ",") + sortedJson(await evidenceReceipt(context, evidence.EvidenceId));
      isFirst = false;
    }
    continuation = page.continuation ?? undefined;
  }
  yield `],${sortedJson(given).slice(1)}`;
}

/** @returns the entry of the receipt itself, and what the chain had come to with it */
async function enter(
  { db, now }: ServiceContext,
  entry: { readonly actor: string; readonly action: string; readonly subject: string },
): Promise<Given["trail"]> {
  return db.transaction().execute(async (transaction) => {
    const seq = await appendAudit(transaction, { atUtcMs: now(), ...entry });
    const query = transaction.selectFrom("audit").select("hash").where("seq", "=", seq);
    return { seq, hash: (await query.executeTakeFirstOrThrow()).hash };
  });
}

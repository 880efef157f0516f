/** A receipt of an evidence, signed, for whoever may see the evidence. */
import { Readable } from "node:stream";
import { z } from "zod";
import { appendAudit, sortedJson } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import { actorOf } from "../http/principal.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { evidenceReceipt } from "./evidence-receipt.ts";
import { signedFile } from "./signed-file.ts";

const MEDIA_TYPE = "application/json";

export function registerReceiptRoutes(api: JsonApi, context: ServiceContext): void {
  api.addBytes({
    path: "/web/api/evidence/:evidenceId/receipt",
    summary: "A signed receipt: what it is, by whom, of which files, and where the audit trail stood.",
    access: "user",
    action: "read-evidence",
    params: z.object({ evidenceId: z.string() }),
    mediaType: MEDIA_TYPE,
    handle: async ({ params: { evidenceId }, principal, request, reply }) => {
      const said = await evidenceReceipt(context, evidenceId);
      if (request.method === "HEAD") return void reply.type(MEDIA_TYPE).send();
      const by = actorOf(principal);
      const trail = await enter(context, { actor: by, subject: evidenceId });
      const { tenantId: tenant } = context.keys;
      const receipt = sortedJson({ ...said, by, issuedUtc: isoInstant(context.now()), tenant, trail });
      void reply
        .type(MEDIA_TYPE)
        .header("content-disposition", `attachment; filename="receipt-${evidenceId}.json"`)
        .header("cache-control", "private, no-store")
        .send(Readable.from(signedFile(context, "receipt", [receipt])));
    },
  });
}

/** @returns where the trail stood: the entry of the receipt itself, and what the chain had come to with it */
async function enter(
  { db, now }: ServiceContext,
  by: { readonly actor: string; readonly subject: string },
): Promise<{ seq: number; hash: string }> {
  return db.transaction().execute(async (transaction) => {
    const seq = await appendAudit(transaction, { atUtcMs: now(), ...by, action: "RECEIPT_GIVEN" });
    const query = transaction.selectFrom("audit").select("hash").where("seq", "=", seq);
    return { seq, hash: (await query.executeTakeFirstOrThrow()).hash };
  });
}

/** For whoever keeps the service running: whether it lives, whether it can work, and what it measures. */
import { sql } from "kysely";
import { z } from "zod";
import type { JsonApi } from "../http/json-api.ts";
import { notAllowed } from "../http/rights.ts";
import { Refusal } from "../http/refusal.ts";
import type { DiskReserve } from "../storage/disk-reserve.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import type { ServiceMetrics } from "./service-metrics.ts";

const RETRY_AFTER_S = 10;
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
const aliveSchema = z.object({ status: z.literal("live") });
const readySchema = z.object({ status: z.literal("ready"), diskFreeBytes: z.number() });

export interface OperationParts {
  readonly db: Metadata;
  readonly reserve: DiskReserve;
  readonly metrics: ServiceMetrics;
}

export function registerOperationRoutes(api: JsonApi, { db, reserve, metrics }: OperationParts): void {
  const open = { method: "GET", access: "public", params: z.object({}) } as const;
  api.add({
    ...open,
    path: "/healthz/live",
    summary: "Whether the process answers at all; it is started anew where it does not.",
    answer: aliveSchema,
    handle: async () => ({ status: "live" as const }),
  });
  for (const path of ["/healthz", "/healthz/ready"]) {
    api.add({
      ...open,
      path,
      summary: "Whether the service can take and give evidence; 503 NOT_READY says why not.",
      answer: readySchema,
      handle: async () => {
        await sql`select 1`.execute(db);
        const { freeBytes, isFull } = await reserve.room();
        if (isFull) {
          const detail = `The disk is full: ${freeBytes} bytes are free. Uploads are refused; reading goes on.`;
          throw new Refusal("NOT_READY", detail, { retryAfterS: RETRY_AFTER_S });
        }
        return { status: "ready" as const, diskFreeBytes: freeBytes };
      },
    });
  }
  api.app.get("/metrics", { config: { access: "public" } }, async (request, reply) => {
    // Rates and lengths of queues are for this machine; a proxy in front does not pass them on.
    if (!LOOPBACK.test(request.ip) || request.headers["x-forwarded-for"] !== undefined) throw notAllowed();
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

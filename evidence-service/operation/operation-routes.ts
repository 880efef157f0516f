/** For whoever keeps the service running: whether it lives, whether it can work, and what it measures. */
import { z } from "zod";
import { type WebAdministration, webAdministrationSchema } from "#shared/web-api/web-api.ts";
import { formatBytes } from "#shared/words/amounts.ts";
import type { FilesSaid } from "../blobs/place/blob-place.ts";
import type { JsonApi } from "../http/json-api.ts";
import { notAllowed } from "../http/actions.ts";
import { Refusal } from "../http/refusal.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import type { DiskReserve } from "../storage/disk-reserve.ts";
import type { DatabaseLook } from "./database-look.ts";
import { registerJobRoutes } from "./job-routes.ts";
import type { ServiceMetrics } from "./service-metrics.ts";
import type { StoreLook } from "./store-look.ts";
import type { ServiceWarnings } from "./service-warnings.ts";

const RETRY_AFTER_S = 10;
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
const aliveSchema = z.object({ status: z.literal("live") });
const readySchema = z.object({
  status: z.literal("ready"),
  diskFreeBytes: z.number(),
  /** `away`: nothing is taken in or given out for the moment, and everything else is. */
  storedFiles: z.enum(["there", "away"]),
});

export interface OperationParts {
  readonly database: DatabaseLook;
  readonly reserve: DiskReserve;
  readonly metrics: ServiceMetrics;
  readonly warnings: ServiceWarnings;
  readonly store: StoreLook;
  readonly installation: () => Promise<WebAdministration["installation"]>;
  /** The engine that keeps the metadata. */
  readonly engine: "sqlite" | "postgres";
  readonly files: FilesSaid;
  readonly jobs: JobQueue;
}

export function registerOperationRoutes(api: JsonApi, parts: OperationParts): void {
  registerHealth(api, parts);
  registerAdministration(api, parts);
  registerJobRoutes(api, parts.jobs);
  api.app.get("/metrics", { config: { access: "public" } }, async (request, reply) => {
    // Rates and lengths of queues are for this machine; a proxy in front does not pass them on.
    if (!LOOPBACK.test(request.ip) || request.headers["x-forwarded-for"] !== undefined) throw notAllowed();
    const { registry } = parts.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

function registerAdministration(
  api: JsonApi,
  { warnings, engine, files, installation }: OperationParts,
): void {
  api.add({
    method: "GET",
    path: "/web/api/administration",
    summary: "How the service is set up, and what an administrator should mend.",
    access: "user",
    action: "see-administration",
    params: z.object({}),
    answer: webAdministrationSchema,
    handle: async () => ({
      ...{ metadata: engine, files, installation: await installation() },
      warnings: [...(await warnings.look())],
    }),
  });
}

function registerHealth(api: JsonApi, { database, reserve, store }: OperationParts): void {
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
      summary:
        "Whether the service can answer; 503 NOT_READY says why not. Stored files that are away for all services are said, and take none of them out of a balancer.",
      answer: readySchema,
      handle: async () => {
        await database.look();
        const { freeBytes, isFull } = await reserve.room();
        if (isFull) {
          const detail = `The disk is full: ${formatBytes(freeBytes)} are free. Uploads are refused; reading goes on.`;
          throw new Refusal("NOT_READY", detail, { retryAfterS: RETRY_AFTER_S });
        }
        const storedFiles = (await store.isAway()) ? ("away" as const) : ("there" as const);
        return { status: "ready" as const, diskFreeBytes: freeBytes, storedFiles };
      },
    });
  }
}

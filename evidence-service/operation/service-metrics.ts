/** Counts and durations in the text format of Prometheus. Labels are of small fixed sets, never ids or names. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { BLOB_ACCOUNT } from "../blobs/sas.ts";

/** What is asked at the moment somebody looks. */
export interface MeasuredNow {
  readonly waitingJobs: () => Promise<number>;
  readonly failedJobs: () => Promise<number>;
  readonly freeBytes: () => Promise<number>;
  readonly warnings: () => Promise<number>;
}

const REQUEST_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600];
const JOB_SECONDS = [0.05, 0.2, 1, 5, 30, 120, 600];
const SIGN_IN_LABELS: Readonly<Record<number, string>> = {
  ...{ 200: "signed-in", 401: "refused", 429: "limited", 503: "busy" },
};
const BLOB_ROUTE = `/${BLOB_ACCOUNT}/*`;
const UPLOADS: Readonly<Record<string, string>> = { "": "blob", block: "block", blocklist: "commit" };

/** Something of which it is measured how long it takes. */
interface Timed {
  readonly help: string;
  readonly labelNames: string[];
  /** Upper bounds, seconds. */
  readonly buckets: number[];
}

export class ServiceMetrics {
  readonly registry = new Registry();
  readonly #requests = this.#histogram("http_request", {
    help: "Requests",
    labelNames: ["method", "route", "status"],
    buckets: REQUEST_SECONDS,
  });
  readonly #uploads = this.#histogram("upload", {
    help: "Writes of blobs",
    labelNames: ["operation", "outcome"],
    buckets: REQUEST_SECONDS,
  });
  readonly #uploadedBytes = this.#counter("upload_bytes_total", "Bytes of blobs that were stored", []);
  readonly #jobs = this.#histogram("job", {
    help: "Jobs that ran",
    labelNames: ["kind", "outcome"],
    buckets: JOB_SECONDS,
  });
  readonly #joins = this.#histogram("join", {
    help: "Videos that were joined",
    labelNames: ["outcome"],
    buckets: JOB_SECONDS,
  });
  readonly #uploadsEnded = this.#counter(
    "uploads_ended_total",
    "Uploads to a bucket that nobody went on with and that were ended",
    [],
  );
  readonly #signIns = this.#counter("sign_ins_total", "Tries to sign in", ["outcome"]);

  constructor({ waitingJobs, failedJobs, freeBytes, warnings }: MeasuredNow) {
    this.#gauge("jobs_waiting", "Jobs that wait", waitingJobs);
    this.#gauge("jobs_failed", "Jobs that were given up and wait for an administrator", failedJobs);
    this.#gauge("disk_free_bytes", "Free bytes of the service's disk", freeBytes);
    this.#gauge("warnings", "What an administrator should mend", warnings);
    this.#gauge("resident_memory_bytes", "Memory of the process", async () => process.memoryUsage.rss());
  }

  /** Counts every request of an application. */
  follow(app: FastifyInstance): void {
    app.addHook("onResponse", async (request, reply) => this.#answered(request, reply));
  }

  job(kind: string, end: "done" | "failed", seconds: number): void {
    this.#jobs.observe({ kind, outcome: end }, seconds);
  }

  uploadsEnded(count: number): void {
    this.#uploadsEnded.inc(count);
  }

  joined(end: "done" | "failed", seconds: number): void {
    this.#joins.observe({ outcome: end }, seconds);
  }

  #answered(request: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): void {
    const { method } = request;
    const seconds = elapsedTime / 1_000;
    const route = request.is404 ? "none" : (request.routeOptions.url ?? "none");
    const status = `${Math.floor(statusCode / 100)}xx`;
    this.#requests.observe({ method, route, status }, seconds);
    if (route === BLOB_ROUTE && method === "PUT") this.#wrote(request, statusCode, seconds);
    if (route === "/web/api/sign-in") this.#signIns.inc({ outcome: SIGN_IN_LABELS[statusCode] ?? "other" });
  }

  #wrote(request: FastifyRequest, statusCode: number, seconds: number): void {
    const operation = UPLOADS[new URL(request.url, "http://blob").searchParams.get("comp") ?? ""];
    if (operation === undefined) return;
    const isStored = statusCode === 201;
    this.#uploads.observe({ operation, outcome: isStored ? "stored" : "refused" }, seconds);
    const bytes = Number(request.headers["content-length"] ?? 0);
    if (isStored && operation !== "commit") this.#uploadedBytes.inc(bytes);
  }

  #histogram(name: string, { help, labelNames, buckets }: Timed): Histogram {
    const named = { name: `evidence_${name}_duration_seconds`, help: `${help}, by how long they took` };
    return new Histogram({ ...named, labelNames, buckets, registers: [this.registry] });
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name: `evidence_${name}`, help, labelNames, registers: [this.registry] });
  }

  #gauge(name: string, help: string, measure: () => Promise<number>): Gauge {
    const registers = [this.registry];
    return new Gauge({
      ...{ name: `evidence_${name}`, help, registers },
      async collect() {
        this.set(await measure());
      },
    });
  }
}

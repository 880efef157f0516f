import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FaultProxy, passOn, startFaultProxy, type Treatment } from "#proofs/fault-proxy/fault-proxy.ts";
import {
  earlierAnswer,
  cut,
  doubledBody,
  duplicatedAnswer,
  duplicatedRequest,
  halvedBody,
  latency,
  narrowLine,
  resets,
  serverErrors,
  someOf,
  tooManyRequests,
  truncatedAnswer,
} from "#proofs/fault-proxy/faults.ts";
import { ConsoleProcess, through } from "./console-process.ts";
import { DeskUnderTest } from "./desk-under-test.ts";
import { faultsOf } from "./export-faults.ts";

const PATIENCE_MS = 240_000;
const BITS_PER_SECOND = 1_000_000;

let desk: DeskUnderTest;

beforeAll(async () => {
  // Noise, so that the export is some hundred kilobytes: a narrow line must be felt.
  desk = await DeskUnderTest.start("192x108", 30);
}, 300_000);

afterAll(async () => {
  expect(await desk.stop()).toEqual([]);
}, 60_000);

function towardsService(treatment: Treatment): Treatment {
  return (exchange) =>
    exchange.request.target === desk.service.target ? treatment(exchange) : passOn(exchange);
}

/** What the archive answers as JSON; its footage is bytes with a length, read over no proxy. */
function towardsArchive(treatment: Treatment): Treatment {
  return (exchange) =>
    exchange.request.target === desk.service.target || exchange.request.path.includes("export.mp4")
      ? passOn(exchange)
      : treatment(exchange);
}

interface Ended {
  readonly console: ConsoleProcess;
  readonly faults: readonly string[];
  readonly tookMs: number;
}

/** Through a proxy of its own: most of the time is waiting, so several exports run at once. */
async function exportUnder(
  treatment: Treatment,
  meanwhile: (running: ConsoleProcess, proxy: FaultProxy) => Promise<void> = () => Promise.resolve(),
): Promise<Ended> {
  const proxy = await startFaultProxy(treatment, new URL(desk.archive.url).host);
  const tiny = desk.newExport();
  const startMs = performance.now();
  const running = new ConsoleProcess(through(proxy, tiny.order));
  await meanwhile(running, proxy);
  await running.settled(PATIENCE_MS);
  const tookMs = performance.now() - startMs;
  await running.stop();
  await proxy.close();
  const shown =
    running.picture?.kind === "available" ? [] : [`Shown at the end: ${JSON.stringify(running.picture)}`];
  const faults = [...running.unexpectedLines, ...shown, ...(await faultsOf(tiny, desk.service))];
  return { console: running, faults, tookMs };
}

function showedWaitingFor({ console: { pictures } }: Ended): Set<string | null> {
  return new Set(pictures.filter(({ kind }) => kind === "waiting").map(({ failure }) => failure));
}

/** Counts how often a fault struck. */
function counted(fault: Treatment): { treatment: Treatment; struck: () => number } {
  let count = 0;
  const treatment: Treatment = (exchange) => {
    count += 1;
    return fault(exchange);
  };
  return { treatment, struck: () => count };
}

describe.concurrent("between console and service", () => {
  test("a cut line is waited for, shown as waiting, and the export ends right", async () => {
    const ended = await exportUnder(towardsService(cut), async (running, proxy) => {
      await running.showed("waiting", PATIENCE_MS);
      proxy.treat(passOn);
    });
    expect(ended.faults).toEqual([]);
    expect(showedWaitingFor(ended)).toEqual(new Set(["SERVICE_UNREACHABLE"]));
  }, 300_000);

  test("a line cut while bytes are on their way is waited for as well", async () => {
    let isCut = false;
    const fault: Treatment = async (exchange) => {
      isCut ||= exchange.request.path.includes("comp=block&") || exchange.request.path.endsWith("comp=block");
      await (isCut ? cut : passOn)(exchange);
    };
    const ended = await exportUnder(towardsService(fault), async (running, proxy) => {
      await running.showed("waiting", PATIENCE_MS);
      proxy.treat(passOn);
    });
    expect(isCut).toBe(true);
    expect(ended.faults).toEqual([]);
    expect(showedWaitingFor(ended)).toContain("SERVICE_UNREACHABLE");
  }, 300_000);

  test.each([
    ["5 % of the connections reset", 0.05, resets(), "SERVICE_UNREACHABLE"],
    ["a quarter of the connections reset", 0.25, resets(), "SERVICE_UNREACHABLE"],
    ["a fifth of the answers truncated", 0.2, truncatedAnswer, "SERVICE_UNREACHABLE"],
    ["a fifth of the answers twice in one body", 0.2, doubledBody, "ANSWER_NOT_UNDERSTOOD"],
    ["a fifth of the answers halved without a word", 0.2, halvedBody, "ANSWER_NOT_UNDERSTOOD"],
    ["a fifth of the answers those to other requests", 0.2, earlierAnswer(), "ANSWER_MIXED_UP"],
    ["a quarter of the requests answered with 500", 0.25, serverErrors(), "HTTP_500"],
    ["a fifth of the requests refused with 429", 0.2, tooManyRequests(2), "HTTP_429"],
  ])(
    "%s: tried again, shown as waiting, and the export ends right",
    async (_name, share, fault, failure) => {
      const { treatment, struck } = counted(fault);
      const ended = await exportUnder(towardsService(someOf(share, treatment)));
      expect(ended.faults).toEqual([]);
      expect(struck()).toBeGreaterThan(1);
      expect(showedWaitingFor(ended)).toContain(failure);
    },
    300_000,
  );

  test("a refusal with Retry-After is not followed by another try before that time", async () => {
    const RETRY_AFTER_S = 3;
    let refusedAtMs = 0;
    let nextAtMs = 0;
    const fault: Treatment = async (exchange) => {
      if (!exchange.request.path.includes("/case/")) return await passOn(exchange);
      if (refusedAtMs > 0) {
        nextAtMs ||= performance.now();
        return await passOn(exchange);
      }
      refusedAtMs = performance.now();
      await tooManyRequests(RETRY_AFTER_S)(exchange);
    };
    const ended = await exportUnder(towardsService(fault));
    expect(ended.faults).toEqual([]);
    expect(nextAtMs - refusedAtMs).toBeGreaterThan(RETRY_AFTER_S * 1000 - 50);
  }, 300_000);

  test.each([
    ["each request arrives twice", duplicatedRequest],
    ["each answer comes twice", duplicatedAnswer],
    ["each round trip takes 200 ms", latency(200)],
  ])(
    "%s: the export ends right",
    async (_name, fault) => {
      const ended = await exportUnder(towardsService(fault));
      expect(ended.faults).toEqual([]);
    },
    300_000,
  );

  test("a line of 1 Mbit/s: the export takes its time and ends right", async () => {
    let bytes = 0;
    const narrow = narrowLine(BITS_PER_SECOND);
    const counting: Treatment = (exchange) => {
      bytes += exchange.request.body.length;
      return narrow(exchange);
    };
    const ended = await exportUnder(towardsService(counting));
    expect(ended.faults).toEqual([]);
    expect(bytes).toBeGreaterThan(200_000);
    expect(ended.tookMs).toBeGreaterThan((bytes * 8_000) / BITS_PER_SECOND);
  }, 300_000);
});

describe.concurrent("between console and archive", () => {
  test.each([
    ["half of the answers twice in one body", doubledBody],
    ["half of the answers halved without a word", halvedBody],
    ["half of the answers those to other requests", earlierAnswer()],
    ["each answer comes twice", duplicatedAnswer],
  ])(
    "%s: the export ends right",
    async (_name, fault) => {
      const share = fault === duplicatedAnswer ? 1 : 1 / 2;
      const { treatment, struck } = counted(fault);
      const ended = await exportUnder(towardsArchive(someOf(share, treatment)));
      expect(ended.faults).toEqual([]);
      expect(struck()).toBeGreaterThan(1);
    },
    300_000,
  );
});

import { beforeEach, expect, it, vi } from "vitest";

const asked: string[][] = [];
let answer: unknown;
vi.stubGlobal("window", {
  evidenceDesk: {
    request: (_name: string, { cameraIds }: { cameraIds: string[] }) => {
      asked.push(cameraIds);
      return Promise.resolve(answer);
    },
  },
});
const { archiveNow, lookAt, readHoldings, holdingOf } = await import("./holdings.ts");

const held = (cameraId: string, newestUtcMs: number) => ({ cameraId, oldestUtcMs: 1_000, newestUtcMs });
const answered = (...holdings: unknown[]) => ({ ok: true, value: { archiveAheadMs: 250, holdings } });

beforeEach(() => {
  asked.length = 0;
  vi.useFakeTimers();
  answer = answered(held("gate", 5_000), held("yard", 6_000));
});

it("asks for all cameras that are looked at together, at once and then every half second", async () => {
  const ends = [lookAt("gate"), lookAt("yard"), lookAt("gate")];
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([["gate", "yard"]]);
  expect(holdingOf("gate")?.newestUtcMs).toBe(5_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toHaveLength(3);
  ends.forEach((end) => end());
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveLength(3);
});

it("keeps what is the same, so that nothing is drawn for it", async () => {
  const end = lookAt("gate");
  await vi.advanceTimersByTimeAsync(0);
  const before = holdingOf("gate");
  await vi.advanceTimersByTimeAsync(500);
  expect(holdingOf("gate")).toBe(before);
  answer = answered(held("gate", 9_000));
  await vi.advanceTimersByTimeAsync(500);
  expect(holdingOf("gate")?.newestUtcMs).toBe(9_000);
  end();
});

it("forgets what it cannot read any more within two seconds and a bit, rather than show what was", async () => {
  const end = lookAt("gate");
  await vi.advanceTimersByTimeAsync(0);
  answer = { ok: false, error: { code: "ARCHIVE_UNREACHABLE", message: "Gone." } };
  await vi.advanceTimersByTimeAsync(1_500);
  expect(holdingOf("gate")).not.toBeNull();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(holdingOf("gate")).toBeNull();
  end();
});

it("keeps nothing of a camera that nobody looks at, and tells the archive's present", async () => {
  const outcome = await readHoldings(["gate"]);
  expect(outcome.ok && outcome.value.get("gate")?.newestUtcMs).toBe(5_000);
  expect(holdingOf("gate")).toBeNull();
  expect(archiveNow() - Date.now()).toBe(250);
});

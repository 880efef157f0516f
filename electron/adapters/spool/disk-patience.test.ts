import { describe, expect, test, vi } from "vitest";
import {
  ABORTED,
  type PortCall,
  portSucceeded,
  type Waiting,
} from "../../export-pipeline/ports/port-call.ts";
import { DiskPatience } from "./disk-patience.ts";

const SILENT = { ok: false, error: { kind: "transient", code: "SPOOL_DISK_SILENT" } };

function calling() {
  const told: (Waiting | null)[] = [];
  const abort = new AbortController();
  const call: PortCall = { signal: abort.signal, reportWaiting: (waiting) => void told.push(waiting) };
  return { told, abort, call };
}

describe("a disk that does not answer", () => {
  test("is said, and no more once it goes on", async () => {
    const patience = new DiskPatience({ saidMs: 20, givenUpMs: 60_000 });
    const { told, call } = calling();
    const { promise, resolve } = Promise.withResolvers<void>();
    const working = patience.during({ disk: "/share" }, call, async () => {
      await promise;
      return portSucceeded("written");
    });
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(told[0]).toMatchObject({
      failure: { message: "The disk of the spool folder /share does not answer." },
    });
    resolve();
    expect(await working).toEqual({ ok: true, value: "written" });
    expect(told.at(-1)).toBeNull();
  });

  test("is not said of one that moves, however long it takes", async () => {
    const patience = new DiskPatience({ saidMs: 200, givenUpMs: 400 });
    const { told, call } = calling();
    const outcome = await patience.during({ disk: "/slow" }, call, async (moved) => {
      for (let piece = 0; piece < 30; piece++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        moved();
      }
      return portSucceeded("written");
    });
    expect([outcome.ok, ...told]).toEqual([true]);
  });

  test("is given up, asked nothing more while that has not come back, and asked again when it has", async () => {
    const patience = new DiskPatience({ saidMs: 10, givenUpMs: 40 });
    const { call } = calling();
    const { promise, resolve } = Promise.withResolvers<void>();
    const stuck = async () => {
      await promise;
      return portSucceeded("late");
    };
    expect(await patience.during({ disk: "/share" }, call, stuck)).toMatchObject(SILENT);
    const next = vi.fn(() => Promise.resolve(portSucceeded("next")));
    expect(await patience.during({ disk: "/share" }, call, next)).toMatchObject(SILENT);
    expect(next).not.toHaveBeenCalled();
    expect(await patience.during({ disk: "/other" }, call, next)).toEqual({ ok: true, value: "next" });
    resolve();
    await vi.waitFor(async () =>
      expect(await patience.during({ disk: "/share" }, call, next)).toEqual({ ok: true, value: "next" }),
    );
  });

  test("does not keep who wants to end from ending", async () => {
    const patience = new DiskPatience({ endingMs: 20 });
    const { abort, call } = calling();
    const working = patience.during({ disk: "/share" }, call, () => new Promise<never>(() => undefined));
    abort.abort();
    expect(await working).toEqual(ABORTED);
  });

  test("a mistake stays one", async () => {
    const patience = new DiskPatience();
    const { call } = calling();
    await expect(
      patience.during({ disk: "/x" }, call, () => Promise.reject(new TypeError("no"))),
    ).rejects.toThrow("no");
  });
});

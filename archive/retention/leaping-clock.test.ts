import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { camerasAnswerSchema, holdingsAnswerSchema } from "#shared/archive-api/archive-api.ts";
import { ask, startProgram } from "../test-archive/archive-program.ts";
import { makeLoopClip } from "../test-archive/loop-clip-for-tests.ts";

const LONG = { timeout: 25_000, interval: 100 };
const FAKETIME = [
  "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
  "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
].find((path) => existsSync(path));

test.skipIf(FAKETIME === undefined)(
  "a machine whose clock is forty days ahead deletes nothing, says so, and deletes once it is confirmed",
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "evidence-desk-leap-"));
    await writeFile(join(dir, "settings.json"), JSON.stringify({ segmentSeconds: 1, minFreeBytes: 0 }));
    const source = await makeLoopClip(dir);
    let program = await startProgram(dir);
    try {
      const put = { name: "Door", area: "House", source };
      expect((await ask(program.url, "/cameras/door", "PUT", put)).status).toBe(204);
      const held = async () => {
        const answer = await (await ask(program.url, "/holdings?camera=door")).json();
        const holding = holdingsAnswerSchema.parse(answer).holdings[0];
        return (holding?.newestUtcMs ?? 0) - (holding?.oldestUtcMs ?? 0);
      };
      await expect.poll(held, LONG).toBeGreaterThanOrEqual(3_000);
      expect((await ask(program.url, "/cameras/door", "DELETE")).status).toBe(204);
      const heldMs = await held();
      await program.end("SIGTERM");

      program = await startProgram(dir, {
        ...{ LD_PRELOAD: FAKETIME ?? "", FAKETIME: "+40d", FAKETIME_DONT_FAKE_MONOTONIC: "1" },
      });
      const problem = async () => {
        const answer = await (await ask(program.url, "/cameras")).json();
        return camerasAnswerSchema.parse(answer).cameras[0]?.problem;
      };
      await expect.poll(problem, LONG).toMatchObject({
        code: "CLOCK_DOUBTED",
        message: expect.stringContaining("40 days ahead"),
      });
      expect(await held()).toBe(heldMs);
      expect((await ask(program.url, "/age-clock/confirmation", "POST")).status).toBe(204);
      await expect.poll(held, LONG).toBe(0);
      expect(await problem()).toBeNull();
    } finally {
      await program.end("SIGTERM");
      await rm(dir, { recursive: true, force: true });
    }
  },
);

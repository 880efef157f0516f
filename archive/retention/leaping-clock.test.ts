import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { camerasAnswerSchema, holdingsAnswerSchema } from "#shared/archive-api/archive-api.ts";
import { reindexArchive } from "../archive-upkeep.ts";
import { ask, startProgram } from "../testing/archive-program.ts";
import { makeLoopClip } from "../testing/loop-clip-for-tests.ts";

const LONG = { timeout: 25_000, interval: 100 };
const FAKETIME = [
  "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
  "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
].find((path) => existsSync(path));

/** As an earlier archive left it: nothing says when a session began but its own dates. */
async function forgetBeginnings(dir: string, camera: string): Promise<void> {
  const folder = join(dir, "footage", camera);
  for (const session of await readdir(folder)) {
    const file = join(folder, session, "session.json");
    if (!existsSync(file)) continue;
    const { begun, ...rest } = JSON.parse(await readFile(file, "utf8")) as { begun?: unknown };
    expect(begun).toBeDefined();
    await writeFile(file, JSON.stringify(rest));
  }
}

test.skipIf(FAKETIME === undefined)(
  "a machine whose clock is forty days ahead deletes nothing and says so; once it is confirmed, what is old by its dates goes, and what was recorded a minute ago stays",
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "evidence-desk-leap-"));
    await writeFile(join(dir, "settings.json"), JSON.stringify({ segmentSeconds: 1, minFreeBytes: 0 }));
    const source = await makeLoopClip(dir);
    let program = await startProgram(dir);
    try {
      for (const camera of ["door", "yard"]) {
        const put = { name: camera, area: "House", source };
        expect((await ask(program.url, `/cameras/${camera}`, "PUT", put)).status).toBe(204);
      }
      const held = async (camera: string) => {
        const answer = await (await ask(program.url, `/holdings?camera=${camera}`)).json();
        const holding = holdingsAnswerSchema.parse(answer).holdings[0];
        return (holding?.newestUtcMs ?? 0) - (holding?.oldestUtcMs ?? 0);
      };
      for (const camera of ["door", "yard"]) {
        await expect.poll(() => held(camera), LONG).toBeGreaterThanOrEqual(3_000);
        expect((await ask(program.url, `/cameras/${camera}`, "DELETE")).status).toBe(204);
      }
      const heldMs = [await held("door"), await held("yard")];
      await program.end("SIGTERM");
      await forgetBeginnings(dir, "door");
      await reindexArchive(dir);

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
      expect([await held("door"), await held("yard")]).toEqual(heldMs);
      expect((await ask(program.url, "/age-clock/confirmation", "POST")).status).toBe(204);
      await expect.poll(() => held("door"), LONG).toBe(0);
      expect(await held("yard")).toBe(heldMs[1]);
      expect(await problem()).toBeNull();
    } finally {
      await program.end("SIGTERM");
      await rm(dir, { recursive: true, force: true });
    }
  },
);

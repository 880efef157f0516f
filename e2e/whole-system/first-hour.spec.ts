import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "#runtime/process/free-port.ts";
import { makeCameraClip } from "#archive/testing/loop-clip-for-tests.ts";
import { startTestCamera } from "#archive/testing/rtsp-server.ts";
import { hourSteps } from "#proofs/guides/first-hour/hour-steps.ts";
import { readerEnvironment } from "#proofs/guides/reader-environment.ts";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { Newcomer } from "#proofs/newcomer/newcomer-home.ts";
import { startLine, type Started } from "#proofs/newcomer/started.ts";
import { endsWithTest } from "../fixture/ends-with-test.ts";
import { test } from "../fixture/test.ts";
import { HourWalk } from "../first-hour/hour-walk.ts";
import { Terminals } from "../first-hour/terminals.ts";

const document = fileURLToPath(new URL("../../docs/guides/first-hour.md", import.meta.url));
const CAMERA_IN_DOCUMENT = "rtsp://192.0.2.10/stream";
const PORTS_IN_DOCUMENT = ["8081", "8082"] as const;
const CLIP_SECONDS = 300;

/** `npm run proofs -- first-hour`: in a fresh clone, as a user who has nothing installed. */
const isNewcomer = process.env["EVIDENCE_DESK_FIRST_HOUR"] === "newcomer";

test.skip(process.platform === "win32", "The commands of the first hour are those of a POSIX shell.");

test("the first hour comes about as the document says, with its commands and its labels", async () => {
  test.setTimeout(isNewcomer ? 2_400_000 : 600_000);
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-hour-"));
  endsWithTest(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  const camera = await startTestCamera(await makeCameraClip(folder, "320x180", CLIP_SECONDS));
  endsWithTest(() => camera.close());
  const ports = await Promise.all(
    PORTS_IN_DOCUMENT.map(async (port) => [port, String(await freePort())] as const),
  );
  const { home, start } = await (isNewcomer ? newcomer() : readerHere(folder));
  const instead = [[CAMERA_IN_DOCUMENT, camera.url] as const, ...ports];
  const walk = new HourWalk({ home, terminals: new Terminals(start), instead });
  endsWithTest(() => walk.end());

  for (const step of hourSteps(await readFile(document, "utf8"))) {
    await test
      .step(step.words, () => walk.take(step))
      .catch(async (error: unknown) => {
        const body = await walk.picture();
        if (body !== null) await test.info().attach("what was in front", { body, contentType: "image/png" });
        throw error;
      });
  }
});

interface Reader {
  readonly home: string;
  readonly start: (command: string) => Promise<Started>;
}

/** Somebody in this checkout, with a home of their own. */
async function readerHere(home: string): Promise<Reader> {
  const env = await readerEnvironment(home);
  return { home, start: async (command) => startLine(command, rootFolder, env) };
}

/** A user without root who has just cloned the repository. */
async function newcomer(): Promise<Reader> {
  const arrived = await Newcomer.arrive();
  endsWithTest(() => arrived.remove());
  await arrived.openHome();
  return {
    home: arrived.home,
    start: (command) => arrived.start(["sh", "-c", command], ["ffmpeg", "chromium"]),
  };
}

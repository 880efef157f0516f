import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  camerasAnswerSchema,
  exportPlanSchema,
  holdingsAnswerSchema,
  footageAnswerSchema,
} from "#shared/archive-api/archive-api.ts";
import { REQUEST_ID_HEADER } from "#runtime/http/request-id.ts";
import { ArchiveFailure } from "./ground/archive-failure.ts";
import { startArchive } from "./archive-server.ts";
import { checkArchive } from "./archive-upkeep.ts";
import {
  ask,
  PAGE_ORIGIN,
  processesNaming,
  startProgram,
  TEST_TOKEN,
  type ArchiveProgram,
} from "./testing/archive-program.ts";
import { makeLoopClip } from "./testing/loop-clip-for-tests.ts";

const LONG = { timeout: 25_000, interval: 200 };
const CAMERA = "/cameras/front-door";

let dir: string;
let source: { kind: "loop"; file: string };
let program: ArchiveProgram;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-archive-"));
  source = await makeLoopClip(dir);
  program = await startProgram(dir);
  const added = await ask(program.url, CAMERA, "PUT", { name: "Front door", area: "House", source });
  expect(added.status).toBe(204);
}, 60_000);

afterAll(async () => {
  await program.end("SIGTERM");
  await rm(dir, { recursive: true, force: true });
});

async function cameras() {
  return camerasAnswerSchema.parse(await (await ask(program.url, "/cameras")).json()).cameras;
}

async function holding() {
  const answer = await (await ask(program.url, "/holdings?camera=front-door")).json();
  return holdingsAnswerSchema.parse(answer).holdings[0];
}

async function newestUtcMs(): Promise<number> {
  return (await holding())?.newestUtcMs ?? 0;
}

/** The range of all that is recorded. */
async function recorded(): Promise<string> {
  const held = await holding();
  return `from=${held?.oldestUtcMs}&to=${held?.newestUtcMs}`;
}

describe("an archive that records a loop", () => {
  test("lists the camera as recording as soon as a footage file is there", async () => {
    await expect.poll(async () => (await cameras())[0]?.state, LONG).toBe("recording");
    expect(await cameras()).toMatchObject([{ id: "front-door", name: "Front door", area: "House" }]);
    const footage = footageAnswerSchema.parse(
      await (await ask(program.url, `${CAMERA}/footage?${await recorded()}`)).json(),
    );
    expect(footage.runs).toHaveLength(1);
    expect(footage.gaps).toHaveLength(0);
  });

  test("gives a playlist whose files are there and never change", async () => {
    const text = await (await ask(program.url, `${CAMERA}/playlist.m3u8?${await recorded()}`)).text();
    expect(text).toMatch(/#EXT-X-PROGRAM-DATE-TIME:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z/);
    expect(text).toContain("#EXT-X-ENDLIST");
    const names = [/URI="([^"]+)"/.exec(text)?.[1], /^segments\/.*m4s$/m.exec(text)?.[0]];
    for (const name of names) {
      const answer = await ask(program.url, `${CAMERA}/${name}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("cache-control")).toContain("immutable");
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
  });

  test("lets the live playlist grow as footage files come", async () => {
    const listed = async (): Promise<number> => {
      const text = await (await ask(program.url, `${CAMERA}/live.m3u8`)).text();
      expect(text).not.toContain("#EXT-X-ENDLIST");
      return text.split("\n").filter((line) => line.endsWith(".m4s")).length;
    };
    const before = await listed();
    await expect.poll(listed, LONG).toBeGreaterThan(before);
  });

  test("makes a still picture and keeps it", async () => {
    const at = (await newestUtcMs()) - 1_000;
    const first = await ask(program.url, `${CAMERA}/thumbnail?at=${at}`);
    expect(first.headers.get("content-type")).toBe("image/jpeg");
    const bytes = Buffer.from(await first.arrayBuffer());
    expect(bytes.subarray(0, 2).toString("hex")).toBe("ffd8");
    expect(await readdir(join(dir, "thumbnails", "front-door"))).toHaveLength(1);
  });

  test("plans an export of what it recorded", async () => {
    const plan = exportPlanSchema.parse(
      await (await ask(program.url, `${CAMERA}/export.json?${await recorded()}`)).json(),
    );
    // A loop in step with the wall clock arrives when its last frame is over, give or take a busy machine.
    expect(Math.abs(plan.clock?.driftMs ?? Infinity)).toBeLessThan(2_000);
    expect(plan.clock?.lastArrivalUtcMs).toBeGreaterThan(plan.fromUtcMs);
    expect(plan.clock?.leastDriftMs).toBeLessThanOrEqual(plan.clock?.mostDriftMs ?? 0);
    expect(plan).toMatchObject({ preRollFrameCount: 0, width: 96, height: 64, gaps: [] });
    expect(plan.frameCount).toBe((plan.endUtcUs - plan.firstFrameUtcUs) / 100_000);
  });

  test.each([
    ["/cameras/unknown/footage?from=1&to=2", 404, "UNKNOWN_CAMERA"],
    ["/cameras/..%2F..%2Fetc/footage?from=1&to=2", 400, "BAD_REQUEST"],
    [`${CAMERA}/footage?from=5&to=5`, 400, "BAD_REQUEST"],
    [`${CAMERA}/footage?from=&to=5`, 400, "BAD_REQUEST"],
    [`${CAMERA}/export.json?from=0&to=86400001`, 400, "RANGE_TOO_LONG"],
    [`${CAMERA}/export.json?from=0&to=86400000`, 404, "NO_FOOTAGE"],
    [`${CAMERA}/segments/0000000000000/init.mp4`, 404, "NO_FOOTAGE"],
    [`${CAMERA}/segments/..%2f/init.mp4`, 400, "BAD_REQUEST"],
    ["/nowhere", 404, "BAD_REQUEST"],
  ] as const)("refuses %s with %i %s", async (path, status, code) => {
    const answer = await ask(program.url, path);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    const { action } = new ArchiveFailure(code);
    expect([answer.status, await answer.json()]).toMatchObject([status, { code, action }]);
  });

  test("refuses a second archive on the same folder", async () => {
    await expect(startArchive({ dir, port: 0, token: TEST_TOKEN })).rejects.toMatchObject({
      code: "ARCHIVE_IN_USE",
    });
  });
});

describe("access", () => {
  const status = async (path: string, token: string | null): Promise<number> =>
    (
      await fetch(`${program.url}${path}`, {
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
      })
    ).status;

  test("is refused without the token, everywhere", async () => {
    const range = "from=1&to=2";
    const routes = [
      ...["GET /health", "GET /cameras", `PUT ${CAMERA}`, `DELETE ${CAMERA}`, "GET /nowhere"],
      ...[
        `GET ${CAMERA}/footage?${range}`,
        `GET ${CAMERA}/playlist.m3u8?${range}`,
        `GET ${CAMERA}/live.m3u8`,
      ],
      ...[`GET ${CAMERA}/segments/0000000000000/init.mp4`, `GET ${CAMERA}/thumbnail?at=1`],
      ...[`GET ${CAMERA}/export.json?${range}`, `GET ${CAMERA}/export.mp4?${range}`],
      ...["PUT /locks/mine", "DELETE /locks/mine", "POST /playback-tokens"],
    ];
    for (const route of routes) {
      const [method = "", path = ""] = route.split(" ");
      for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: TEST_TOKEN }]) {
        const answer = await fetch(`${program.url}${path}`, { method, headers });
        expect([route, answer.status, await answer.json()]).toMatchObject([
          route,
          401,
          { code: "UNAUTHORIZED" },
        ]);
      }
    }
  });

  test("an answer repeats the request's id, also a refusal, and what is no id is not repeated", async () => {
    const repeated = async (path: string, id: string, token = TEST_TOKEN) => {
      const headers = { authorization: `Bearer ${token}`, [REQUEST_ID_HEADER]: id };
      return (await fetch(`${program.url}${path}`, { headers })).headers.get(REQUEST_ID_HEADER);
    };
    expect(await repeated("/cameras", "request-1")).toBe("request-1");
    expect(await repeated("/nowhere", "request-2")).toBe("request-2");
    expect(await repeated("/cameras", "request-3", "wrong")).toBe("request-3");
    expect(await repeated("/cameras", "<b>")).toBeNull();
  });

  test("with a playback token covers playing and nothing else", async () => {
    const minted = (await (await ask(program.url, "/playback-tokens", "POST")).json()) as { token: string };
    expect(await status(`${CAMERA}/live.m3u8`, minted.token)).toBe(200);
    for (const path of ["/cameras", `${CAMERA}/export.json?from=1&to=2`])
      expect(await status(path, minted.token)).toBe(401);
    const locking = { method: "PUT", headers: { authorization: `Bearer ${minted.token}` } };
    expect((await fetch(`${program.url}/locks/mine`, locking)).status).toBe(401);
    expect(await status(`${CAMERA}/live.m3u8`, minted.token.replace(/\d{5}\./, "99999."))).toBe(401);
  });
});

describe("a port that somebody else has", () => {
  const onPortOfProgram = async (orAnyPort: boolean) =>
    await startArchive({
      dir: await mkdtemp(join(dir, "beside-")),
      port: Number(new URL(program.url).port),
      ...{ orAnyPort, token: TEST_TOKEN, log: () => undefined },
    });

  test("is not gone round by itself: who was told where the archive is would look in vain", async () => {
    await expect(onPortOfProgram(false)).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("is gone round where that was asked for", async () => {
    const archive = await onPortOfProgram(true);
    expect(archive.url).not.toBe(program.url);
    expect((await ask(archive.url, "/cameras")).status).toBe(200);
    await archive.close();
  });
});

test("a camera whose name or area hides something is refused, with what it hides", async () => {
  for (const change of [{ name: "Gate \u202Egnp.evila" }, { area: "Yard\u200B" }]) {
    const body = { name: "Gate", area: "Yard", source, ...change };
    const answer = await ask(program.url, "/cameras/odd-name", "PUT", body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/U\+20[02][BE]/);
  }
});

describe("locks over HTTP", () => {
  const lock = { cameraId: "front-door", startUtcMs: 1_000, endUtcMs: 2_000 };

  test("are put and freed any number of times", async () => {
    for (const [method, body] of [
      ["PUT", lock],
      ["PUT", lock],
      ["DELETE", undefined],
      ["DELETE", undefined],
    ] as const) {
      expect((await ask(program.url, "/locks/export-1", method, body)).status).toBe(204);
    }
  });

  test("are refused for an unknown camera and for an empty range", async () => {
    const unknown = await ask(program.url, "/locks/export-2", "PUT", { ...lock, cameraId: "nobody" });
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: "UNKNOWN_CAMERA" }]);
    const empty = await ask(program.url, "/locks/export-2", "PUT", { ...lock, endUtcMs: 1_000 });
    expect([empty.status, await empty.json()]).toMatchObject([400, { code: "BAD_REQUEST" }]);
  });
});

describe("pages of other origins", () => {
  test("are allowed only when named, with the headers that playing needs", async () => {
    const asking = (origin: string): Promise<Response> =>
      fetch(`${program.url}${CAMERA}/live.m3u8`, {
        method: "OPTIONS",
        headers: {
          ...{ origin, "access-control-request-method": "GET" },
          "access-control-request-headers": "authorization,range",
        },
      });
    const allowed = await asking(PAGE_ORIGIN);
    expect(allowed.headers.get("access-control-allow-origin")).toBe(PAGE_ORIGIN);
    expect(allowed.headers.get("access-control-allow-headers")).toMatch(/Authorization.*Range/);
    expect((await asking("http://elsewhere.example")).headers.get("access-control-allow-origin")).toBeNull();
    const answer = await fetch(`${program.url}/health`, {
      headers: { origin: PAGE_ORIGIN, authorization: `Bearer ${TEST_TOKEN}` },
    });
    expect(answer.headers.get("access-control-expose-headers")).toMatch(/ETag.*Content-Length/);
  });
});

describe("an archive that is killed", () => {
  test(
    "leaves no recorder behind, and all finished footage files readable",
    { timeout: 40_000 },
    async () => {
      await expect.poll(newestUtcMs, LONG).toBeGreaterThan(0);
      const before = await newestUtcMs();
      const range = await recorded();
      await program.end("SIGKILL");
      await expect.poll(() => processesNaming(join(dir, "footage")), LONG).toHaveLength(0);
      const [session = ""] = (await readdir(join(dir, "footage", "front-door"))).filter((name) =>
        /^\d+$/.test(name),
      );
      await writeFile(join(dir, "footage", "front-door", session, "99999.m4s"), "torn by a power cut");
      expect(await checkArchive(dir)).toMatchObject({ removedFiles: 0 });
      program = await startProgram(dir);
      const footage = await (await ask(program.url, `${CAMERA}/footage?${range}`)).json();
      expect(footage).toMatchObject({ gaps: [] });
      expect((await ask(program.url, `${CAMERA}/export.mp4?${range}`)).status).toBe(200);
      // What the killed recorder had not finished is footage too; what comes then is another run.
      expect(await newestUtcMs()).toBeGreaterThan(before);
      const runs = async (): Promise<number> => {
        const all = await ask(program.url, `${CAMERA}/footage?${await recorded()}`);
        return footageAnswerSchema.parse(await all.json()).runs.length;
      };
      await expect.poll(runs, LONG).toBe(2);
    },
  );

  test("and one that is ended closes its last footage file", { timeout: 20_000 }, async () => {
    expect(await program.end("SIGTERM")).toBe(0);
    expect(await processesNaming(join(dir, "footage"))).toHaveLength(0);
    expect(await checkArchive(dir)).toMatchObject({ addedFiles: 1, removedFiles: 0 });
    program = await startProgram(dir);
  });
});

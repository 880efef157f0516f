import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { camerasAnswerSchema } from "#shared/archive-api/archive-api.ts";
import { problemSchema } from "#shared/problem/problem.ts";
import { startArchive, type RunningArchive } from "../archive-server.ts";
import { footageIndex } from "../index/footage-index.ts";
import { openIndex } from "../index/open-index.ts";
import { storeCamera } from "../recorder/camera-fleet.ts";
import { ask, TEST_TOKEN } from "../testing/archive-program.ts";

/** Nobody answers there: what is recorded is not looked at. */
const SOURCE = { kind: "rtsp" as const, url: "rtsp://127.0.0.1:9/s" };

let dir: string;
let archive: RunningArchive;

async function start(): Promise<void> {
  archive = await startArchive({ dir, port: 0, token: TEST_TOKEN, log: () => undefined });
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-names-"));
  await start();
});

afterEach(async () => {
  await archive.close();
  await rm(dir, { recursive: true, force: true });
});

async function change(method: string, id: string, body: unknown): Promise<string> {
  const answer = await ask(archive.url, `/cameras/${id}`, method, body);
  if (answer.status === 204) return "taken";
  const { code, detail } = problemSchema.parse(await answer.json());
  return `${answer.status} ${code}: ${detail}`;
}

const add = (id: string, name: string, area = "Entrance") =>
  change("PUT", id, { name, area, source: SOURCE });
const rename = (id: string, name: string, area = "Entrance") => change("PATCH", id, { name, area });

async function listed(): Promise<string[]> {
  const { cameras } = camerasAnswerSchema.parse(await (await ask(archive.url, "/cameras")).json());
  return cameras.map(({ id, name, area }) => `${id}: ${area} / ${name}`);
}

const LOBBY_ALIKE =
  "409 NAME_READS_ALIKE: The camera “Lobby entrance” of the area “Entrance” reads the same. Give this one another name.";

test("the blanks of a name are plain ones from the moment it is entered", async () => {
  expect(await add("one", "\u00A0Lobby\u2003 entrance ", " Entrance\u00A0hall ")).toBe("taken");
  expect(await rename("one", "Lobby\u3000entrance", "Entrance  hall")).toBe("taken");
  expect(await listed()).toEqual(["one: Entrance hall / Lobby entrance"]);
  expect(await add("two", "\u00A0 ")).toContain("400 BAD_REQUEST");
});

test.each(["LOBBY ENTRANCE", "Lobby entrance ", "Lobby\u00A0entrance", "Ｌobby  entrance"])(
  "a camera that reads as another of its area is refused, new or renamed: %j",
  async (name) => {
    await add("one", "Lobby entrance");
    await add("two", "Back door");
    expect(await add("three", name)).toBe(LOBBY_ALIKE);
    expect(await rename("two", name)).toBe(LOBBY_ALIKE);
    expect(await add("two", name)).toBe(LOBBY_ALIKE);
    expect(await listed()).toEqual(["two: Entrance / Back door", "one: Entrance / Lobby entrance"]);
  },
);

test("the same name is taken in another area, and its own name in other letters is no other's", async () => {
  await add("one", "Lobby entrance");
  expect(await add("two", "Lobby entrance", "Office")).toBe("taken");
  expect(await rename("one", "LOBBY ENTRANCE", "ENTRANCE")).toBe("taken");
  expect(await rename("two", "Lobby entrance", "ENTRANCE")).toContain("“LOBBY ENTRANCE”");
});

test("an area that reads as another one is refused, with how that one is written", async () => {
  await add("one", "Lobby entrance");
  const refused =
    "409 NAME_READS_ALIKE: The area “Entrance” reads the same. Write it like that, or give this one another name.";
  expect(await add("two", "Back door", "ENTRANCE")).toBe(refused);
  expect(await add("two", "Back door", "Entrance")).toBe("taken");
  expect(await rename("two", "Back door", "entrance")).toBe(refused);
});

test("one that is not recorded any more is named as that", async () => {
  await add("one", "Lobby entrance");
  await ask(archive.url, "/cameras/one", "DELETE");
  expect(await add("two", "lobby entrance")).toContain("not recorded any more. Edit that one");
});

test("cameras that an older archive took stay as they are, and can be changed", async () => {
  await archive.close();
  const database = openIndex(dir);
  const index = footageIndex(database);
  storeCamera({ dir, index, cameraId: "one" }, { name: "Lobby entrance", area: "Entrance", source: SOURCE });
  storeCamera({ dir, index, cameraId: "two" }, { name: "LOBBY ENTRANCE", area: "ENTRANCE", source: SOURCE });
  database.close();
  await start();
  const before = ["two: ENTRANCE / LOBBY ENTRANCE", "one: Entrance / Lobby entrance"];
  expect(await listed()).toEqual(before);
  expect(await add("two", "LOBBY ENTRANCE", "ENTRANCE")).toBe("taken");
  expect(await listed()).toEqual(before);
  expect(await rename("two", "Lobby Entrance", "ENTRANCE")).toBe(LOBBY_ALIKE);
  expect(await add("three", "Side door", "ENTRANCE")).toBe("taken");
});

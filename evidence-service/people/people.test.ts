import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  linkAnswerSchema,
  madeLinkSchema,
  ownAccountSchema,
  personAnswerSchema,
  type WebMadeLink,
} from "#shared/web-api/people.ts";
import { TestMailServer } from "../testing/mail-server.ts";
import { TestSite } from "../testing/test-site.ts";

const DEMO = { username: "investigator", password: "investigator" };
const MARA = { username: "mara", fullName: "Mara Lind", mail: null };
const GOOD = "nine lamps by the harbour";

let site: TestSite;
let cookie: string;
beforeEach(async () => {
  site = await TestSite.start();
  cookie = await signIn(DEMO);
});
afterEach(() => site.stop());

function post(path: string, body: unknown, as = cookie): Promise<Response> {
  const headers = { "x-evidence-desk": "1", "content-type": "application/json", cookie: as };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  return fetch(`${site.service.url}/web/api${path}`, init);
}
const get = (path: string, as = cookie): Promise<Response> =>
  fetch(`${site.service.url}/web/api${path}`, { headers: { cookie: as } });

async function signIn(given: object): Promise<string> {
  return (await post("/sign-in", given, "")).headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

async function invite(change: object = {}): Promise<WebMadeLink> {
  return madeLinkSchema.parse(await (await post("/people", { ...MARA, ...change })).json());
}

const tokenOf = ({ url }: { url: string | null }): string => url?.split("#")[1] ?? "";

test("a person is invited, chooses a password that is good enough, signs in and changes it", async () => {
  const made = await invite();
  expect(made).toMatchObject({ isSent: false, person: { state: "invited", latestSignInUtc: null } });
  expect(made.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/link#[\w-]{43}$/);
  const token = tokenOf(made);
  expect(linkAnswerSchema.parse(await (await post("/link", { token }, "")).json())).toMatchObject({
    ...{ kind: "invitation", username: "mara", fullName: "Mara Lind" },
  });
  // Before it is used, no password lets anybody in.
  expect(await (await post("/sign-in", { username: "mara", password: "x" }, "")).json()).toMatchObject({
    code: "WRONG_PASSWORD",
  });
  for (const [password, code] of [
    ["short", "PASSWORD_TOO_SHORT"],
    ["mara lind 1999", "PASSWORD_NAMES"],
    ["Password2026!", "PASSWORD_KNOWN"],
  ] as const) {
    const refused = await post("/link/password", { token, password }, "");
    expect([refused.status, await refused.json()]).toMatchObject([400, { code }]);
  }
  expect((await post("/link/password", { token, password: GOOD }, "")).status).toBe(200);
  const again = await post("/link/password", { token, password: `${GOOD} too` }, "");
  expect([again.status, await again.json()]).toMatchObject([410, { code: "LINK_NOT_GOOD" }]);

  const [first, second] = [
    await signIn({ username: "mara", password: GOOD }),
    await signIn({ username: "mara", password: GOOD.normalize("NFD") }),
  ];
  const change = { current: "wrong", password: "ten lamps by the harbour" };
  expect(await (await post("/my-account/password", change, first)).json()).toMatchObject({
    code: "WRONG_PASSWORD",
  });
  const changed = await post("/my-account/password", { ...change, current: GOOD }, first);
  expect(ownAccountSchema.parse(await changed.json()).signIns).toMatchObject([{ isThisOne: true }]);
  expect((await get("/my-account", second)).status).toBe(401);
  expect(await signIn({ username: "mara", password: GOOD })).toBe("");
});

test("whoever is locked is out at once, and comes in again with what they had", async () => {
  const token = tokenOf(await invite());
  await post("/link/password", { token, password: GOOD }, "");
  const own = await signIn({ username: "mara", password: GOOD });
  expect((await get("/my-account", own)).status).toBe(200);
  const locked = personAnswerSchema.parse(await (await post("/people/mara/lock", {})).json());
  expect(locked).toMatchObject({ person: { state: "locked" }, signIns: [] });
  expect((await get("/my-account", own)).status).toBe(401);
  const link = await post("/people/mara/link", {});
  expect([link.status, await link.json()]).toMatchObject([409, { code: "PERSON_LOCKED" }]);
  const self = await post("/people/investigator/lock", {});
  expect([self.status, await self.json()]).toMatchObject([409, { code: "LAST_ADMINISTRATOR" }]);
  await post("/people/mara/unlock", {});
  expect((await get("/my-account", await signIn({ username: "mara", password: GOOD }))).status).toBe(200);
});

test("a link goes by mail where a server is set, and is shown where that does not take it", async () => {
  const server = await TestMailServer.start(null);
  const { port } = server;
  const settings = { host: "127.0.0.1", port, tls: "never", from: "desk@service.example" };
  await writeFile(join(site.dir, "mail.json"), JSON.stringify(settings), { mode: 0o600 });
  try {
    await site.restart();
    const sent = await invite({ mail: "mara@police.example" });
    expect(sent).toMatchObject({ isSent: true, url: null });
    const [message] = server.arrived;
    expect(message).toMatchObject({ to: ["mara@police.example"], from: "desk@service.example" });
    const token = /\/link#([\w-]{43})$/m.exec(message?.text ?? "")?.[1] ?? "";
    expect((await post("/link", { token }, "")).status).toBe(200);
    // Without an address, and without the server, it is shown.
    expect(await invite({ username: "jorn" })).toMatchObject({ isSent: false });
  } finally {
    await server.stop();
  }
  const again = madeLinkSchema.parse(await (await post("/people/mara/link", {})).json());
  expect(again).toMatchObject({ isSent: false });
  expect(again.url).not.toBeNull();
});

test("people and links are only for those who are signed in and on our own pages", async () => {
  for (const path of ["/people", "/people/mara", "/refused-sign-ins", "/my-account"]) {
    expect([path, (await get(path, "")).status]).toEqual([path, 401]);
  }
  const headers = { "content-type": "application/json", cookie };
  const foreign = await fetch(`${site.service.url}/web/api/people`, {
    ...{ method: "POST", headers, body: JSON.stringify(MARA) },
  });
  expect(foreign.status).toBe(403);
  expect((await get("/people/nobody")).status).toBe(404);
});

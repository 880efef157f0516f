import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestSite } from "../testing/test-site.ts";
import { createHttpApplication } from "./http-application.ts";

let site: TestSite;
beforeAll(async () => {
  site = await TestSite.start();
});
afterAll(() => site.stop());

/** The first line of the answer to a request line as it stands, which no client would put right. */
async function statusOf(requestLine: string, headers: readonly string[] = []): Promise<number> {
  const { hostname, port, host } = new URL(site.service.url);
  const socket = connect(Number(port), hostname);
  const lines = [requestLine, `Host: ${host}`, "Connection: close", "Content-Length: 0", ...headers, "", ""];
  socket.write(lines.join("\r\n"));
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(Buffer.concat(chunks).toString("latin1"))?.[1]);
}

/** Every way to write an address that leads to the same route. */
function spellingsOf(url: string): string[] {
  const path = url.replace("*", "container/name").replaceAll(/:\w+/g, "1");
  const encoded = `%${path.charCodeAt(1).toString(16)}`;
  return [
    path,
    `${path}?a=b`,
    `${path}/`,
    `/${encoded}${path.slice(2)}`,
    path.replaceAll(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    path.toUpperCase(),
    `/${path}`,
    path.replaceAll("/", "//"),
    `/.${path}`,
    `/x/..${path}`,
    `${path};a=b`,
    `${path}%00`,
    `${site.service.url}${path}`,
    `${site.service.url.replace("127.0.0.1", "localhost")}${path}`,
  ];
}

describe("whoever shows nothing", () => {
  test("gets nothing from any route that asks for a caller, however its address is written", async () => {
    const guarded = site.service.routes.filter(({ access }) => access !== "public" && access !== "visitor");
    expect(guarded.length).toBeGreaterThan(40);
    for (const { method, url } of guarded) {
      for (const spelling of spellingsOf(url)) {
        const status = await statusOf(`${method} ${spelling} HTTP/1.1`);
        const isPage = method === "GET" && status === 503; // The web application's page, which is not built here.
        expect([spelling, isPage || (status >= 400 && status < 500)]).toEqual([spelling, true]);
      }
    }
  });

  test("is refused where a list of cases would be, in the spelling that once got through", async () => {
    expect(await statusOf("GET /%77eb/api/cases HTTP/1.1")).toBe(401);
  });

  test("cannot change anything from a page of another site", async () => {
    const changing = site.service.routes.filter(
      ({ access, method }) => (access === "user" || access === "visitor") && method === "POST",
    );
    expect(changing.length).toBeGreaterThan(3);
    for (const { method, url } of changing) {
      const line = `${method} ${url.replaceAll(/:\w+/g, "1")} HTTP/1.1`;
      expect(await statusOf(line)).toBe(403);
      const foreign = ["X-Evidence-Desk: 1", "Origin: https://elsewhere.example"];
      expect(await statusOf(line, foreign)).toBe(403);
    }
  });
});

describe("whoever comes in by the other door", () => {
  const pathOf = (url: string, tenant: string): string =>
    url.replace(":tenantId", tenant).replaceAll(/:\w+/g, "1").replace("*", "container/name");

  test("an access token opens no route of people, and a sign-in no route of accounts", async () => {
    const tenant = (await site.connection()).TenantId;
    const own = { "x-evidence-desk": "1", "content-type": "application/json" };
    const signedIn = await fetch(`${site.service.url}/web/api/sign-in`, {
      ...{ method: "POST", headers: own },
      body: JSON.stringify({ username: "investigator", password: "investigator" }),
    });
    const signIn = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const token = await site.token();
    const [asked, passes] = [{ user: 0, service: 0 }, `X-Evidence-Desk: 1`];
    for (const { method, url, access } of site.service.routes) {
      if (access !== "user" && access !== "service") continue;
      asked[access] += 1;
      const shown = access === "user" ? [`Authorization: Bearer ${token}`] : [`Cookie: ${signIn}`];
      // As the sign-in's own cookie, too: a token is none.
      if (access === "user") shown.push(`Cookie: evidence-desk-session=${token}`);
      else shown.push(`Authorization: Bearer ${signIn.split("=")[1]?.split(";")[0]}`);
      const status = await statusOf(`${method} ${pathOf(url, tenant)} HTTP/1.1`, [passes, ...shown]);
      expect([method, url, status]).toEqual([method, url, 401]);
    }
    expect(asked.user).toBeGreaterThan(15);
    expect(asked.service).toBeGreaterThan(25);
  });
});

describe("a request for another host", () => {
  test.each(["attacker.example", "127.0.0.1", "127.0.0.1:1", "localhost.attacker.example"])(
    "is refused: %s",
    async (host) => {
      const { port, hostname } = new URL(site.service.url);
      const socket = connect(Number(port), hostname);
      socket.end(`GET /web/api/me HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      const [first] = (await once(socket, "data")) as [Buffer];
      expect(first.toString("latin1")).toMatch(/^HTTP\/1\.1 421 /);
    },
  );

  test("is refused in the absolute form of the address too", async () => {
    expect(await statusOf("GET http://attacker.example/web/api/me HTTP/1.1")).toBe(421);
  });

  test("is refused where it is named beside the right one", async () => {
    const foreign = ["Host: attacker.example"];
    expect(await statusOf("GET /web/api/me HTTP/1.1", foreign)).toBe(421);
  });

  test("is answered by each name that this machine has for itself", async () => {
    const { port } = new URL(site.service.url);
    expect(await statusOf(`GET http://localhost:${port}/web/api/me HTTP/1.1`)).toBe(200);
  });
});

test("an address that cannot be read is refused in the words of every refusal", async () => {
  for (const [path, status] of [
    ["/web/api/cases/%zz", 400],
    [`/web/api/cases/${"a".repeat(300)}`, 414],
  ] as const) {
    const answer = await fetch(`${site.service.url}${path}`);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect([answer.status, await answer.json()]).toEqual([
      status,
      {
        code: "BAD_ADDRESS",
        detail: "The address cannot be read.",
        action: "Correct the request; the same one is refused again.",
      },
    ]);
  }
});

test("a service with a route that declares no access does not start", async () => {
  const app = await createHttpApplication("silent");
  expect(() => app.get("/forgotten", async () => "open")).toThrow("declares no access");
});

test("an application that has nobody to let in lets nobody in", async () => {
  const app = await createHttpApplication("silent");
  app.get("/guarded", { config: { access: "service", action: "list-cases" } }, async () => "open");
  expect((await app.inject("/guarded")).statusCode).toBe(401);
});

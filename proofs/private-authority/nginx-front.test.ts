/** The evidence service behind a real proxy that ends TLS: the console, a browser, and strangers come through it. */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trustAuthorities } from "#electron/adapters/trust/trusted-authorities.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { browserPath } from "#media/testing/installed-browser.ts";
import { WEB_CHANGE_HEADER } from "#shared/web-api/web-api.ts";
import { footageOf, isUpload, SendingConsole } from "../conformance/sending-console.ts";
import { hasOpenssl, TestAuthority } from "./authority.ts";
import { freePort } from "#runtime/process/free-port.ts";
import { hasNginx } from "#proofs/deploy/files/nginx.ts";
import { CLIENT_HEADER, startNginxFront } from "./nginx-front.ts";

const WEB_APP = fileURLToPath(new URL("../../out/web-app", import.meta.url));
const canRun = (await hasNginx()) && (await hasOpenssl());
const canShow = browserPath !== "" && existsSync(join(WEB_APP, "index.html"));
if (!canRun) console.log("The service behind nginx is not tested: nginx or openssl is not installed.");

let folder: string;
let authority: TestAuthority;
let desk: SendingConsole;
let site: TestSite;
let front: Awaited<ReturnType<typeof startNginxFront>>;
let urls: { readonly desk: string; readonly site: string };

beforeAll(async () => {
  if (!canRun) return;
  folder = await mkdtemp(join(tmpdir(), "nginx-front-"));
  authority = await TestAuthority.make(join(folder, "harbour"), "Harbour Authority");
  const ports = { desk: await freePort(), site: await freePort() };
  urls = { desk: `https://localhost:${ports.desk}`, site: `https://localhost:${ports.site}` };
  desk = await SendingConsole.start(footageOf(20_000_000), { publicUrl: urls.desk });
  site = await TestSite.start({ publicUrl: urls.site, webAppFolder: WEB_APP });
  front = await startNginxFront(
    join(folder, "nginx"),
    await authority.issue({ names: ["DNS:localhost", "IP:127.0.0.1"] }),
    [
      { port: ports.desk, listensAt: desk.service.listensAt },
      { port: ports.site, listensAt: site.service.listensAt },
    ],
  );
  trustAuthorities([authority.pem]);
  desk.worker.setAuthorities([authority.pem]);
});

afterAll(async () => {
  if (!canRun) return;
  trustAuthorities([]);
  await front.stop();
  await desk.stop();
  await site.stop();
  await rm(folder, { recursive: true });
});

interface Answered {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly body: unknown;
}

/** @param client what nginx takes for the client's address */
async function ask(method: string, url: string, body?: unknown, client?: string): Promise<Answered> {
  const headers = {
    [WEB_CHANGE_HEADER]: "1",
    "content-type": "application/json",
    ...(client === undefined ? {} : { [CLIENT_HEADER]: client }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, ca: authority.pem }, (answer) => {
      const cookies = answer.headers["set-cookie"] ?? [];
      json(answer).then((read) => resolve({ status: answer.statusCode ?? 0, cookies, body: read }), reject);
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const signIn = (password: string, client?: string) =>
  ask("POST", `${urls.site}/web/api/sign-in`, { username: "investigator", password }, client);

describe.skipIf(!canRun)("behind nginx, which ends TLS", () => {
  test("the console uploads through it, by addresses that the service makes from its public one", async () => {
    const segment = await desk.spoolSegment();
    const { resourceId, lengthBytes } = await desk.send(await desk.createEvidence(), segment);
    expect(resourceId).not.toBe("");
    expect(lengthBytes).toBe(segment.file.lengthBytes);
    expect(desk.called.filter(isUpload).length).toBeGreaterThan(0);
    expect(desk.called.filter((url) => !url.startsWith(`${urls.desk}/`))).toEqual([]);
  });

  test("every address that the service names is the public one", async () => {
    const connection = await readFile(site.service.connectionFile, "utf8");
    const described = JSON.stringify((await ask("GET", `${urls.site}/openapi.json`)).body);
    for (const said of [connection, described]) {
      expect(said).toContain(urls.site);
      expect(said).not.toContain(site.service.listensAt);
    }
  });

  test("cookies are Secure", async () => {
    const { status, cookies } = await signIn("investigator");
    expect(status).toBe(200);
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) expect(cookie).toMatch(/; Secure/);
  });

  test.skipIf(!canShow)("a browser signs in and reads the lists", async () => {
    const browser = await chromium.launch({
      executablePath: browserPath,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    try {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      await page.goto(urls.site);
      await page.getByLabel("User name", { exact: true }).fill("investigator");
      await page.getByLabel("Password", { exact: true }).fill("investigator");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page
        .getByRole("link", { name: "Forklift collision, loading bay" })
        .or(page.getByRole("table"))
        .first()
        .waitFor();
      const cookies = await context.cookies(urls.site);
      expect(
        cookies.map(({ secure, httpOnly, sameSite }) => ({ secure, httpOnly, sameSite })),
      ).toContainEqual({
        ...{ secure: true, httpOnly: true, sameSite: "Strict" },
      });
      expect(cookies.every(({ secure }) => secure)).toBe(true);
    } finally {
      await browser.close();
    }
  });

  test("clients are told apart by the address that the proxy names", async () => {
    const tries: number[] = [];
    for (let count = 0; count < 11; count += 1) tries.push((await signIn("wrong", "198.51.100.1")).status);
    expect(tries.slice(0, 10).every((status) => status === 401)).toBe(true);
    expect(tries.at(-1)).toBe(429);
    expect((await signIn("wrong", "198.51.100.2")).status).toBe(401);
  });

  test("a service that stands behind no proxy believes nobody's word of another address", async () => {
    const alone = await TestSite.start();
    try {
      const statuses: number[] = [];
      for (let count = 0; count < 11; count += 1) {
        const answer = await fetch(`${alone.service.url}/web/api/sign-in`, {
          method: "POST",
          headers: {
            ...{ "content-type": "application/json", [WEB_CHANGE_HEADER]: "1" },
            "x-forwarded-for": `198.51.100.${count}`,
          },
          body: JSON.stringify({ username: "investigator", password: "wrong" }),
        });
        statuses.push(answer.status);
      }
      expect(statuses.at(-1)).toBe(429);
    } finally {
      await alone.stop();
    }
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  meSchema,
  webCaseAnswerSchema,
  webCasePageSchema,
  webEvidenceAnswerSchema,
  webEvidencePageSchema,
} from "#shared/web-api/web-api.ts";
import { TestSite } from "../testing/test-site.ts";

const OWN_PAGE = { "x-evidence-desk": "1", "content-type": "application/json" };
const DEMO = { username: "investigator", password: "investigator" };

describe("the web application's side", () => {
  let site: TestSite;
  let webAppFolder: string;
  let cookie: string;
  beforeAll(async () => {
    webAppFolder = await mkdtemp(join(tmpdir(), "evidence-web-"));
    await writeFile(join(webAppFolder, "index.html"), "<!doctype html><title>Evidence</title>");
    site = await TestSite.start({ webAppFolder });
    cookie = (await post("/web/api/sign-in", DEMO)).headers.getSetCookie()[0]?.split(";")[0] ?? "";
  });
  afterAll(async () => {
    await site.stop();
    await rm(webAppFolder, { recursive: true, force: true });
  });

  function post(path: string, body: unknown, headers: Record<string, string> = OWN_PAGE): Promise<Response> {
    const init = {
      method: "POST",
      headers: { cookie: cookie ?? "", ...headers },
      body: JSON.stringify(body),
    };
    return fetch(`${site.service.url}${path}`, init);
  }
  const get = (path: string): Promise<Response> =>
    fetch(`${site.service.url}${path}`, { headers: { cookie } });

  test("the cookie is for this site alone and out of scripts' reach", async () => {
    const answer = await post("/web/api/sign-in", DEMO);
    const [set] = answer.headers.getSetCookie();
    expect(set).toMatch(/HttpOnly/);
    expect(set).toMatch(/SameSite=Strict/);
    expect(meSchema.parse(await answer.json()).user?.fullName).toBe("Demo Investigator");
  });

  test("a page of the application is answered without a warning", async () => {
    const warnings: string[] = [];
    const listen = ({ name }: Error) => void warnings.push(name);
    process.on("warning", listen);
    for (const path of ["/", "/evidence/any", "/cases", "/no-file.js"]) await (await get(path)).text();
    // Warnings are told in a turn of their own.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    expect(warnings).toEqual([]);
  });

  test("signed out, nothing is shown but the demo's hint", async () => {
    const me = meSchema.parse(await (await fetch(`${site.service.url}/web/api/me`)).json());
    expect(me).toMatchObject({ user: null, demoSignIn: DEMO });
    const refused = await fetch(`${site.service.url}/web/api/cases`);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: "SIGNED_OUT" });
    const media = await fetch(`${site.service.url}/web/api/evidence/any/hls/playlist.m3u8`);
    expect(media.status).toBe(401);
  });

  test("signing out ends the sign-in", async () => {
    const signedIn = await post("/web/api/sign-in", DEMO);
    const own = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    await fetch(`${site.service.url}/web/api/sign-out`, {
      method: "POST",
      headers: { cookie: own, ...OWN_PAGE },
      body: "{}",
    });
    const after = await fetch(`${site.service.url}/web/api/cases`, { headers: { cookie: own } });
    expect(after.status).toBe(401);
  });

  test("a request from another site changes nothing", async () => {
    const plain = { "content-type": "application/json" };
    const refused = await post("/web/api/cases/demo-case-2/close", {}, plain);
    expect(refused.status).toBe(403);
    const crossSite = await post(
      "/web/api/cases/demo-case-2/close",
      {},
      { ...OWN_PAGE, "sec-fetch-site": "cross-site" },
    );
    expect(crossSite.status).toBe(403);
  });

  test("guessing passwords is slowed down", async () => {
    const guess = () => post("/web/api/sign-in", { username: "guessed", password: "wrong" });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1) statuses.push((await guess()).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    const last = await guess();
    expect(last.status).toBe(429);
    expect(await last.json()).toMatchObject({ code: "TOO_MANY_SIGN_INS" });
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("cases are listed, read, closed and reopened, with the account's own labels", async () => {
    const page = webCasePageSchema.parse(await (await get("/web/api/cases?text=forklift")).json());
    const [found] = page.cases;
    expect(found?.name).toContain("Forklift");
    expect(page.fieldLabels).toEqual({ recordNumber: "Report number" });
    const path = `/web/api/cases/${found?.caseId}`;
    const read = webCaseAnswerSchema.parse(await (await get(path)).json());
    expect(read.fieldLabels).toEqual({ recordNumber: "Report number" });
    const closed = webCaseAnswerSchema.parse(await (await post(`${path}/close`, {})).json());
    expect(closed.case.state).toBe("closed");
    expect(webCaseAnswerSchema.parse(await (await post(`${path}/reopen`, {})).json()).case.state).toBe(
      "open",
    );
    expect((await get("/web/api/cases/none")).status).toBe(404);
  });

  test("evidence without a case is found, and its upload is seen growing", async () => {
    await site.createEvidence({ CaseId: "demo-case-2", Name: "Filed", CreatedOnBehalfOf: "olga" });
    const { EvidenceId } = await site.createEvidence({ Name: "Loose" });
    const page = webEvidencePageSchema.parse(await (await get("/web/api/evidence?unassigned=true")).json());
    expect(page.evidence.map((item) => item.name)).toEqual(["Loose"]);
    const ofCase = webEvidencePageSchema.parse(
      await (await get("/web/api/evidence?caseId=demo-case-2")).json(),
    );
    expect(ofCase.evidence.map((item) => item.caseName)).toEqual(["Bicycle theft at the north entrance"]);

    expect(page.evidence).toMatchObject([{ createdOnBehalfOf: null }]);
    expect(ofCase.evidence).toMatchObject([{ createdOnBehalfOf: "olga" }]);

    const { Uri } = await site.uploadAddress(EvidenceId);
    await new BlockBlobClient(Uri).stageBlock(btoa("0"), Buffer.alloc(12_345), 12_345);
    const answer = webEvidenceAnswerSchema.parse(await (await get(`/web/api/evidence/${EvidenceId}`)).json());
    expect(answer).toMatchObject({ consolidated: null, evidence: { state: "receiving" } });
    expect(answer.resources).toMatchObject([{ state: "created", receivedBytes: 12_345, contentPath: null }]);
  });

  test("every page is the application's, with strict headers; unknown API paths are not", async () => {
    const page = await get("/cases-of-today/17");
    expect(page.headers.get("content-type")).toContain("text/html");
    const policy = page.headers.get("content-security-policy");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await get("/")).status).toBe(200);
    expect((await get("/assets/none.js")).status).toBe(404);
    expect((await get("/none.js")).status).toBe(404);
    // Names of people have dots.
    expect((await get("/people/mara.lind")).headers.get("content-type")).toContain("text/html");
    expect((await get("/web/api/none")).headers.get("content-type")).toContain("problem+json");
  });

  test("without a built application the first page says so", async () => {
    const bare = await TestSite.start();
    try {
      const page = await fetch(`${bare.service.url}/`);
      expect(page.status).toBe(503);
      expect(await page.text()).toContain("has not been built");
    } finally {
      await bare.stop();
    }
  });
});

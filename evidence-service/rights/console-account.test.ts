import { afterAll, beforeAll, expect, test } from "vitest";
import { openSiteFolder } from "../site/site-folder.ts";
import { giveRole, TestSite } from "../testing/test-site.ts";
import { createHttpApplication } from "../http/http-application.ts";

const TENANT = "/documents/api/v1/tenant/TENANT";
const CASE = "/cases/api/v1/case/TENANT/demo-case-2";

let site: TestSite;
let own: string;
/** As another account sent it. */
let foreign: string;
beforeAll(async () => {
  site = await TestSite.start();
  await giveRole(site.dir, "sender");
  own = (await site.createEvidence({ Name: "Own" })).EvidenceId;
  foreign = (await site.createEvidence({ Name: "Foreign" })).EvidenceId;
  const { db } = await openSiteFolder(site.dir);
  const sentBy = { principalId: "another-account" };
  await db.updateTable("evidence").set(sentBy).where("evidenceId", "=", foreign).execute();
  await db.destroy();
});
afterAll(() => site.stop());

test("a console's account sends and sees its own, and nothing that another one sent", async () => {
  expect((await site.call("GET", `${TENANT}/evidence/${own}`)).status).toBe(200);
  const list = await site.call("GET", `${TENANT}/evidence`);
  expect(list.body).toMatchObject({ Evidence: [{ Name: "Own" }] });
  for (const [method, path, body] of [
    ["GET", `/evidence/${foreign}`, undefined],
    ["GET", `/evidence/${foreign}/resource`, undefined],
    ["GET", `/evidence/${foreign}/resource/any`, undefined],
    ["POST", `/evidence/${foreign}/resource`, {}],
    ["POST", `/evidence/${foreign}/resource/any/complete`, undefined],
    ["POST", `/evidence/${foreign}/complete`, {}],
  ] as const) {
    const answer = await site.call(method, `${TENANT}${path}`, body);
    expect([path, answer.status]).toEqual([path, 404]);
  }
  expect((await site.call("PUT", `${CASE}/evidence/${foreign}`)).status).toBe(404);
  expect((await site.call("PUT", `${CASE}/evidence/${own}`)).status).toBe(200);
});

test("the stolen connection file of a console opens no footage, its own included, and closes no case", async () => {
  const bytes = site.service.routes.filter(
    ({ action, method }) =>
      (action === "play-evidence" || action === "download-evidence") && method === "GET",
  );
  const below = bytes.filter(({ access }) => access === "service");
  expect(below.length).toBeGreaterThan(4);
  for (const { url } of below) {
    const path = url.replace(":tenantId", "TENANT").replace(":evidenceId", own).replaceAll(/:\w+/g, "1");
    const answer = await site.call("GET", path);
    expect([path, answer.status, answer.body]).toMatchObject([path, 403, { code: "NOT_ALLOWED" }]);
  }
  for (const word of ["close", "reopen"]) {
    expect((await site.call("POST", `${CASE}/${word}`)).status).toBe(403);
  }
  expect((await site.call("GET", CASE)).body).toMatchObject({ State: "Open" });
});

test("every route that asks for a caller declares an action, and none starts without", async () => {
  for (const { url, access, action } of site.service.routes) {
    expect([url, action !== null]).toEqual([url, access === "service" || access === "user"]);
  }
  const app = await createHttpApplication("silent");
  const config = { access: "service" } as const;
  expect(() => app.get("/forgotten", { config }, async () => "open")).toThrow("declares no action");
  const play = { access: "service", action: "play-evidence" } as const;
  expect(() => app.get("/evidence/:id", { config: play }, async () => "open")).toThrow(
    "does not name what its action is done to",
  );
});

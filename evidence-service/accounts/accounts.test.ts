import { BlockBlobClient } from "@azure/storage-blob";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ConnectionFile, connectionFileSchema } from "#shared/clearance-api/connection-file.ts";
import {
  madeKeySchema,
  serviceAccountAnswerSchema,
  serviceAccountListSchema,
} from "#shared/web-api/service-accounts.ts";
import { inDatabase } from "../testing/rows.ts";
import { tokenOf, TestSite } from "../testing/test-site.ts";

let site: TestSite;
let cookie = "";
beforeEach(async () => {
  site = await TestSite.start();
  const signedIn = await post("/sign-in", { username: "investigator", password: "investigator" });
  cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
});
afterEach(() => site.stop());

function post(path: string, body: unknown = {}): Promise<Response> {
  const headers = { "x-evidence-desk": "1", "content-type": "application/json", cookie };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  return fetch(`${site.service.url}/web/api${path}`, init);
}
const get = (path: string): Promise<Response> =>
  fetch(`${site.service.url}/web/api${path}`, { headers: { cookie } });

async function made(path: string, body: unknown = {}) {
  const response = await post(path, body);
  expect([path, response.status, response.headers.get("cache-control")]).toEqual([path, 200, "no-store"]);
  const { connectionFile, ...rest } = madeKeySchema.parse(await response.json());
  return { ...rest, file: connectionFileSchema.parse(connectionFile) };
}

const tokenWith = (file: ConnectionFile): Promise<string> => tokenOf(site, file);
const lists = async (token: string, file: ConnectionFile): Promise<number> => {
  const url = `${site.service.url}/documents/api/v1/tenant/${file.TenantId}/evidence`;
  return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
};
async function answerOf(path: string, body: unknown = {}) {
  return serviceAccountAnswerSchema.parse(await (await post(path, body)).json());
}
async function refusalOf(path: string, body: unknown = {}) {
  const response = await post(path, body);
  return [response.status, ((await response.json()) as { code: string }).code];
}

test("an account is made on a page, signs in with its file, and its key is renewed without a gap", async () => {
  const { file, account, keys } = await made("/service-accounts", { name: "Gatehouse", role: "sender" });
  expect(account).toMatchObject({ state: "active", rights: ["send-evidence", "create-cases", "pick-cases"] });
  expect(keys).toMatchObject([{ isInFolder: false, latestUseUtc: null }]);
  const [first] = keys;
  const token = await tokenWith(file);
  expect(await lists(token, file)).toBe(200);

  const path = `/service-accounts/${account.accountId}`;
  const renewed = await made(`${path}/keys`);
  expect(renewed.file.ServicePrincipalId).toBe(file.ServicePrincipalId);
  // Consoles that have the earlier file go on, until the key is taken away: then at the next request.
  expect(await lists(await tokenWith(renewed.file), file)).toBe(200);
  expect(await lists(await tokenWith(file), file)).toBe(200);
  const answer = await answerOf(`${path}/keys/remove`, { keyId: first?.keyId });
  expect(answer.keys).toHaveLength(1);
  expect(answer.keys[0]?.latestUseUtc).not.toBeNull();
  expect(await lists(token, file)).toBe(401);
  await expect(tokenWith(file)).rejects.toThrow();
  expect(await lists(await tokenWith(renewed.file), file)).toBe(200);
  expect(await refusalOf(`${path}/keys/remove`, { keyId: answer.keys[0]?.keyId })).toEqual([409, "LAST_KEY"]);
});

test("whoever is locked sends not one more block, also to an address from before", async () => {
  const { EvidenceId } = await site.createEvidence();
  const { Uri } = await site.uploadAddress(EvidenceId);
  const blob = new BlockBlobClient(Uri);
  const block = (name: string): string => Buffer.from(name.padEnd(16)).toString("base64");
  await blob.stageBlock(block("one"), "first", 5);
  const file = await site.connection();
  const token = await site.token();
  const path = `/service-accounts/${file.ServicePrincipalId}`;
  expect((await answerOf(`${path}/lock`)).account).toMatchObject({ state: "locked" });
  expect(await lists(token, file)).toBe(401);
  const refused = { statusCode: 403, code: "AuthorizationPermissionMismatch" };
  await expect(blob.stageBlock(block("two"), "second", 6)).rejects.toMatchObject(refused);
  const { clientId, assertion } = await site.assertion();
  expect(await site.requestToken(clientId, assertion)).toMatchObject({ body: { code: "INVALID_CLIENT" } });

  await answerOf(`${path}/unlock`);
  expect(await lists(token, file)).toBe(200);
  await blob.stageBlock(block("two"), "second", 6);
});

test("what is asked for and cannot be is refused in words, and each change stands in the trail", async () => {
  const { account } = await made("/service-accounts", { name: "Gatehouse", role: "integration" });
  const path = `/service-accounts/${account.accountId}`;
  expect(await refusalOf("/service-accounts", { name: "GATEHOUSE", role: "sender" })).toEqual([
    ...[409, "NAME_THERE"],
  ]);
  await made(`${path}/keys`);
  await made(`${path}/keys`);
  expect(await refusalOf(`${path}/keys`)).toEqual([409, "TOO_MANY_KEYS"]);
  expect(await refusalOf("/service-accounts/none/keys")).toEqual([404, "NOT_FOUND"]);
  const own = (await site.connection()).ServicePrincipalId;
  const ownKeys = serviceAccountAnswerSchema.parse(await (await get(`/service-accounts/${own}`)).json()).keys;
  expect(ownKeys).toMatchObject([{ isInFolder: true, createdBy: null }]);
  expect(await refusalOf(`/service-accounts/${own}/keys/remove`, { keyId: ownKeys[0]?.keyId })).toEqual([
    ...[409, "KEY_IN_FOLDER"],
  ]);

  await answerOf(`${path}/rename`, { name: "Gate and yard" });
  const changed = await answerOf(`${path}/rights`, { rights: ["send-evidence"] });
  expect(changed.account).toMatchObject({ name: "Gate and yard", rights: ["send-evidence"] });
  expect(changed.keys).toMatchObject([{}, {}, { createdBy: "Demo Investigator", latestUseUtc: null }]);
  const list = serviceAccountListSchema.parse(await (await get("/service-accounts")).json()).accounts;
  expect(list.map(({ name }) => name)).toContain("Gate and yard");
  const entries = await inDatabase(site.dir, (run) =>
    run("SELECT action FROM auditIndex WHERE subject = ? ORDER BY seq", account.accountId),
  );
  expect(JSON.stringify(entries)).toMatch(
    /ACCOUNT_ADDED.*ACCOUNT_KEY_ADDED.*ACCOUNT_KEY_ADDED.*ACCOUNT_RENAMED.*ACCOUNT_RIGHTS_CHANGED/,
  );
});

test("an account from before there could be several keys goes on with the one that it has", async () => {
  const file = await site.connection();
  const token = await site.token();
  await inDatabase(site.dir, (run) => run("DELETE FROM accountKey"));
  await expect(tokenWith(file)).rejects.toThrow();
  await site.restart();
  expect(await lists(await tokenWith(file), file)).toBe(200);
  expect(await lists(token, file)).toBe(200);
});

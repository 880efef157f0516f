/**
 * Schemathesis asks every operation of the OpenAPI document, the blob endpoint's too, what it was not made for: no answer
 * is a failure inside, or one that the document does not know. In the long tests only, as it takes a minute.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { encryptGcm } from "#evidence-service/testing/encrypt.ts";
import { cutFootage, makeFootage } from "#evidence-service/testing/test-footage.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { WEB_CHANGE_HEADER } from "#shared/web-api/web-api.ts";

const run = promisify(execFile);
const isLong = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";
const NOT_INSTALLED = "Schemathesis cannot be installed from PyPI";
const EXAMPLES = "10";
const SEED = "20261128";
const CHECKS = [
  ...[
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
  ],
].join(",");

let folder: string;
let site: TestSite;
let program: string | null = null;
/** An evidence with its video, and an address to upload another file. */
let ids: { readonly evidenceId: string; readonly resourceId: string; readonly upload: string };

beforeAll(async () => {
  if (!isLong) return;
  folder = await mkdtemp(join(tmpdir(), "schemathesis-"));
  program = await install();
  site = await TestSite.start({ logLevel: "fatal" });
  ids = await anEvidence();
}, 300_000);

afterAll(async () => {
  if (!isLong) return;
  await site.stop();
  await rm(folder, { recursive: true, force: true });
});

async function install(): Promise<string | null> {
  const venv = join(folder, "venv");
  try {
    await run("python3", ["-m", "venv", venv]);
    const packages = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "schemathesis==4.32.5"];
    await run(join(venv, "bin", "python"), packages);
    return join(venv, "bin", "schemathesis");
  } catch (error) {
    console.log("Schemathesis cannot be installed; the test is skipped.", error);
    return null;
  }
}

async function anEvidence(): Promise<typeof ids> {
  const { EvidenceId: evidenceId } = await site.createEvidence();
  const { Uri, ResourceId } = await site.uploadAddress(evidenceId, {
    EndTimeUtc: "2026-11-23T10:00:12.000Z",
  });
  const plain = await cutFootage(await makeFootage(folder, 0), 0, 12);
  const file = encryptGcm(plain, await site.publicKey(), 65_536);
  await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
  await site.completeResource(evidenceId, ResourceId);
  await site.completeEvidence(evidenceId, { [ResourceId]: file.sha512 });
  await vi.waitFor(
    async () => expect((await site.readEvidence(evidenceId)).LifecycleState).toBe("Available"),
    20_000,
  );
  const { EvidenceId: other } = await site.createEvidence();
  return { evidenceId, resourceId: ResourceId, upload: (await site.uploadAddress(other)).Uri };
}

async function signIn(): Promise<string> {
  const answer = await fetch(`${site.service.url}/web/api/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", [WEB_CHANGE_HEADER]: "1" },
    body: JSON.stringify({ username: "investigator", password: "investigator" }),
  });
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** @param path parameters of paths that are given, where they are not made up */
async function settings(path: Readonly<Record<string, string>>): Promise<string> {
  const upload = new URL(ids.upload);
  const [, , container = "", ...blobName] = upload.pathname.split("/");
  const tenantId = (await site.connection()).TenantId;
  const places = Object.entries({ tenantId, container, blobName: blobName.join("/"), ...path });
  const lines = [
    ...places.map(([name, value]) => `"path.${name}" = ${JSON.stringify(value)}`),
    ...[...upload.searchParams].map(([name, value]) => `"query.${name}" = ${JSON.stringify(value)}`),
  ];
  const file = join(folder, "schemathesis.toml");
  await writeFile(file, `[parameters]\n${lines.join("\n")}\n`);
  return file;
}

/** @returns what it says at its end */
async function ask(path: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<string> {
  const headers = [
    `Authorization: Bearer ${await site.token()}`,
    `Cookie: ${await signIn()}`,
    `${WEB_CHANGE_HEADER}: 1`,
  ];
  const options = [
    "--checks",
    CHECKS,
    "--phases",
    "coverage,fuzzing",
    "--max-examples",
    EXAMPLES,
    "--seed",
    SEED,
  ];
  const given = [
    ...["--config-file", await settings(path), "run", `${site.service.url}/openapi.json`, "--no-color"],
    ...[...headers.flatMap((header) => ["-H", header]), ...options, ...words],
  ];
  try {
    const { stdout } = await run(program ?? "", given, { maxBuffer: 1 << 26, cwd: folder });
    return stdout;
  } catch (error) {
    const said = error instanceof Error && "stdout" in error ? String(error.stdout) : "";
    throw new Error(said, { cause: error });
  }
}

const passed = /^\s*(\d+) generated, \1 passed/m;
// It would end the sign-in with which the others are asked.
const WITHOUT_SIGN_OUT = ["--exclude-path", "/web/api/sign-out"];

describe.skipIf(!isLong)("every operation of the OpenAPI document", () => {
  test("answers as it is described, whatever it is asked of evidence that there is none of", async (context) => {
    if (program === null) return context.skip(NOT_INSTALLED);
    expect(await ask({}, ...WITHOUT_SIGN_OUT)).toMatch(passed);
  }, 300_000);

  test("answers as it is described, whatever it is asked of an evidence that is there", async (context) => {
    if (program === null) return context.skip(NOT_INSTALLED);
    const { evidenceId, resourceId } = ids;
    const path = { evidenceId, resourceId, caseId: "demo-case-1" };
    expect(await ask(path, ...WITHOUT_SIGN_OUT)).toMatch(passed);
    expect(await site.readEvidence(evidenceId)).toMatchObject({ LifecycleState: "Available" });
  }, 300_000);

  test("of which signing out is the last", async (context) => {
    if (program === null) return context.skip(NOT_INSTALLED);
    expect(await ask({}, "--include-path", "/web/api/sign-out")).toMatch(passed);
  }, 120_000);
});

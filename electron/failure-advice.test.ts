import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ADVISED_CODES, adviceFor, withAdvice } from "#shared/domain/failure-advice.ts";
import { ANSWERED_CODES } from "#shared/domain/failure-codes.ts";
import { REFUSED } from "./export-pipeline/testing/hindered-calls.ts";
import { cameraExport, exportOf, World } from "./export-pipeline/testing/world.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Where failures of an export come from: the pipeline, its adapters, and what both services refuse it. */
const SOURCES = [
  ...["electron/export-pipeline", "electron/adapters", "evidence-service/api", "archive/http"],
  ...["evidence-service/http", "evidence-service/decryption"],
  ...["archive/export", "evidence-service/verification/device-keys.ts", "shared/clearance-api"],
];

/** How the sources write a failure with its code. */
const WRITTEN = [
  /\b(?:portFailed|failed)\(\s*(?:"[a-z-]+",\s*)?"([A-Z][A-Z0-9_]+)"/g,
  /\b(?:code|unreachableCode): "([A-Z][A-Z0-9_]+)"/g,
  /new (?:Refusal|ArchiveFailure|LineRefusal)\(\s*(?:\d+,\s*)?"([A-Z][A-Z0-9_]+)"/g,
  /const [A-Z_]+(?:: \w+)? = "([A-Z][A-Z0-9_]+)";/g,
];

/** What our own console does not meet: its addresses are right, its regions are long. */
const NOT_OF_A_CONSOLE = ["ABORTED", "BAD_ADDRESS", "CLIENT_LEFT", "REGIONS_TOO_SHORT", "SIGNED_OUT"];
const NOT_OF_AN_EXPORT: readonly string[] = [...ANSWERED_CODES, ...NOT_OF_A_CONSOLE];

function sourceFiles(path: string): string[] {
  if (path.endsWith(".ts")) return [join(ROOT, path)];
  return readdirSync(join(ROOT, path), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes(".test") && !/(^|\/)test(ing|-)/.test(name))
    .map((name) => join(ROOT, path, name));
}

function codesIn(text: string): string[] {
  return WRITTEN.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, code]) => code ?? []));
}

const written = new Set(SOURCES.flatMap(sourceFiles).flatMap((file) => codesIn(readFileSync(file, "utf8"))));
const reaching = [...written].filter((code) => !NOT_OF_AN_EXPORT.includes(code)).toSorted();

describe("every failure that can reach the operator", () => {
  test("is found in the sources, those that are known to occur among them", () => {
    expect(reaching).toEqual(
      expect.arrayContaining([
        ...["SERVICE_UNREACHABLE", "ANSWER_MIXED_UP", "SPOOL_FULL", "CASE_CLOSED", "FOOTAGE_LOST"],
        ...["UPLOAD_URI_EXPIRED", "CHECKSUM_MISMATCH", "INVALID_CLIENT", "UNKNOWN_CAMERA"],
      ]),
    );
  });

  test("has a cause and an action of its own, and nothing has advice that cannot occur", () => {
    expect(ADVISED_CODES.toSorted()).toEqual(reaching);
  });

  test.each(reaching)("%s: cause and action are sentences", (code) => {
    const { cause, action } = adviceFor(code);
    for (const sentence of [cause, action]) expect(sentence).toMatch(/^[A-Z].{10,}\.$/);
    expect(cause).not.toBe(action);
  });
});

test("a code of another maker's service has a cause and an action too", () => {
  expect(adviceFor("AuthorizationPermissionMismatch").cause).toContain("AuthorizationPermissionMismatch");
  expect(adviceFor("constructor").action).toMatch(/Retry/);
});

test("what was said where it happened goes before general advice", () => {
  const failure = { code: "SPOOL_FULL", message: "Full.", action: "Wait." };
  expect(withAdvice(failure)).toEqual(failure);
});

test("the status of an export never shows a failure without an action", async () => {
  const world = new World();
  world.service.hindrance = ({ method }) => (method === "sendFile" ? Promise.resolve(REFUSED) : null);
  const run = await world.started(exportOf([cameraExport("a")]));
  await run.ended();
  const [status] = run.pipeline.statuses();
  const [camera] = status?.cameraExports ?? [];
  const shown = [status?.failure, camera?.failure, ...(camera?.segments.map(({ failure }) => failure) ?? [])];
  for (const failure of shown) {
    expect(failure).toMatchObject({ code: "REFUSED", message: "No.", action: adviceFor("REFUSED").action });
  }
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ANSWERS_AT_ONCE } from "#shared/domain/advice/answers-at-once.ts";
import {
  ADVISED_CODES,
  ANSWERED_CODES,
  adviceFor,
  answerFor,
  isAdvised,
} from "#shared/domain/failure-advice.ts";
import { answeredAtOnce, failed, failureOfExport } from "#shared/domain/failure.ts";
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
const NOT_OF_A_CONSOLE = [
  ...["BAD_ADDRESS", "CLIENT_LEFT", "REGIONS_TOO_SHORT", "SIGNED_OUT"],
  // Of what is named in the web application.
  "NAME_NOT_USABLE",
];
/** Two of the codes of what is wrong with an entered range are an archive's as well. */
const ANSWERED_ONLY = ANSWERED_CODES.filter((code) => !isAdvised(code));
const NOT_OF_AN_EXPORT: readonly string[] = [...ANSWERED_ONLY, ...NOT_OF_A_CONSOLE];

function sourceFiles(path: string): string[] {
  if (path.endsWith(".ts")) return [join(ROOT, path)];
  return readdirSync(join(ROOT, path), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test") && !/(^|\/)test(ing|-)/.test(name))
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
  const failure = { code: "SPOOL_FULL", message: "Full.", action: "Wait." } as const;
  expect(failureOfExport(failure)).toEqual(failure);
  expect(answeredAtOnce(failure)).toEqual(failure);
});

describe("the answer to a button", () => {
  /** Wherever somebody presses or types; what only an export meets is never answered with. */
  const PLACES = ["electron", "renderer", "shared/domain/export-request.ts"];
  const texts = PLACES.flatMap(sourceFiles).map((file) => readFileSync(file, "utf8"));

  test.each(ANSWERED_CODES)("%s: is given somewhere, and its action is a sentence", (code) => {
    expect(texts.some((text) => text.includes(`"${code}"`))).toBe(true);
    expect(failed(code, "It is so.").error.action).toMatch(/^[A-Z].{7,}\.$/);
  });

  test("speaks of no Retry, and of nothing that goes on by itself: nothing waits", () => {
    for (const code of [...ADVISED_CODES, "AuthorizationPermissionMismatch"])
      expect(answerFor(code)).not.toMatch(/Retry|by itself|this export/);
    expect(Object.keys(ANSWERS_AT_ONCE).filter((code) => !isAdvised(code))).toEqual([]);
    const waited = failureOfExport({ code: "CLOCK_WRONG", message: "It is late." });
    expect(waited.action).toMatch(/by itself/);
    expect(answeredAtOnce(waited).action).toBe("Correct this computer's clock.");
  });
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

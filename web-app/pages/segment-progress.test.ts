import { expect, test } from "vitest";
import type { WebEvidence, WebResource } from "#shared/web-api/web-api.ts";
import { segmentProgress } from "./segment-progress.ts";

const evidence: WebEvidence = {
  evidenceId: "1",
  name: "Gate",
  description: "",
  startUtc: "2026-11-23T10:00:00.000Z",
  endUtc: "2026-11-23T12:30:00.000Z",
  caseId: null,
  caseName: null,
  camera: { externalId: "gate", manufacturer: "", model: "" },
  createdBy: "console",
  createdOnBehalfOf: null,
  createdUtc: "2026-11-23T13:00:00.000Z",
  state: "receiving",
  stateDetail: null,
  verificationOutcome: null,
};

function resource(changed: Partial<WebResource>): WebResource {
  return {
    resourceId: changed.name ?? "r",
    name: "Gate-1",
    mimeType: "video/mp4",
    startUtc: "2026-11-23T10:00:00.000Z",
    endUtc: "2026-11-23T11:00:00.000Z",
    state: "created",
    readingCheck: null,
    lengthBytes: null,
    receivedBytes: 0,
    checksum: null,
    parentResourceId: null,
    contentPath: null,
    encryptedPath: null,
    ...changed,
  };
}

test("segments that are not announced yet wait at their foreseen times", () => {
  const stages = segmentProgress(evidence, []).map(({ stage, endUtcMs, startUtcMs }) => [
    stage,
    (endUtcMs - startUtcMs) / 60_000,
  ]);
  expect(stages).toEqual([
    ["waiting", 60],
    ["waiting", 60],
    ["waiting", 30],
  ]);
});

test("a segment arrives while its blocks do, and is complete with its stored length", () => {
  const resources = [
    resource({
      name: "Gate-2",
      startUtc: "2026-11-23T11:00:00.000Z",
      endUtc: "2026-11-23T12:00:00.000Z",
      receivedBytes: 8_388_608,
    }),
    resource({ state: "completed", lengthBytes: 44_000_016, receivedBytes: 44_000_000 }),
  ];
  expect(segmentProgress(evidence, resources).map((one) => [one.stage, one.receivedBytes])).toEqual([
    ["complete", 44_000_016],
    ["arriving", 8_388_608],
    ["waiting", 0],
  ]);
});

test("a manifest and what the service derived are no segments", () => {
  const resources = [
    resource({ mimeType: "application/json", receivedBytes: 900 }),
    resource({ state: "derived", parentResourceId: "r" }),
  ];
  expect(segmentProgress(evidence, resources).every((one) => one.stage === "waiting")).toBe(true);
});

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { JournalRefused } from "../export-pipeline/ports/journal-refused.ts";
import { type RequestName, requests } from "#shared/ipc-contract/contract.ts";
import { type Operator, PRIVILEGES, type Privilege } from "#shared/domain/operator.ts";
import { failureOfExport, failed, succeeded } from "#shared/domain/failure.ts";
import { dispatch } from "./dispatch.ts";
import type { Handlers } from "./handler.ts";

const NAMES = Object.keys(requests) as RequestName[];

/** Handlers that note who was let through to them. */
let reached: { name: string; operator: Operator | null }[] = [];
let answer: () => unknown = () => succeeded(undefined);

const handlers = Object.fromEntries(
  NAMES.map((name) => [
    name,
    (_input: unknown, caller: { operator: Operator | null }) => {
      reached.push({ name, operator: caller.operator });
      return answer();
    },
  ]),
) as unknown as Handlers;

beforeEach(() => {
  reached = [];
  answer = () => succeeded(undefined);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
});

function operator(...privileges: Privilege[]): Operator {
  return { username: "olga", displayName: "Olga", privileges };
}

const by = (asker: Operator | null) => ({ operator: asker, windowId: 1 });

const VIEWER = operator();
const SENDER = operator("send-to-clearance");
const ADMINISTRATOR = operator(...PRIVILEGES);

function mayAsk(name: RequestName, asker: Operator | null): boolean {
  const { access } = requests[name];
  if (access === "anyone") return true;
  return asker !== null && (access === "operator" || asker.privileges.includes(access));
}

/** An input that fits each request, so that only the privilege can be what refuses it. */
const RANGE = { startUtcMs: 1, endUtcMs: 2 };
const EXPORT = { exportId: "export-1" };
const INPUTS: Record<RequestName, unknown> = {
  "operator.state": undefined,
  "operator.logOn": { username: "olga", password: "secret" },
  "operator.logOff": undefined,
  "cameras.list": undefined,
  "cameras.holdings": { cameraIds: ["gate"] },
  "cameras.playbackAccess": undefined,
  "cameras.footage": { cameraId: "gate", range: RANGE },
  "cameras.exportPlan": { cameraId: "gate", range: RANGE },
  "cameras.source": { cameraId: "gate" },
  "cameras.change": { cameraId: "gate", name: "Gate", area: "North", source: null },
  "cameras.add": { name: "Gate", area: "North", address: "rtsp://camera" },
  "cameras.confirmClock": undefined,
  "cameras.remove": { cameraId: "gate" },
  "exports.start": { requestId: "request-1", cameraExports: [], caseAssociation: { kind: "none" } },
  "exports.estimate": { evidenceBytes: [1] },
  "exports.partRefusal": { partBytes: 1 },
  "site.state": undefined,
  "site.changeTimeZone": { timeZone: "Europe/London" },
  "site.renameOwnArchive": { name: "Cellar" },
  "site.saveArchive": { archiveId: null, name: "Harbour", address: "https://archive.example", token: "t" },
  "site.removeArchive": { archiveId: "a" },
  "site.useArchive": { archiveId: "a" },
  "exports.list": undefined,
  "exports.segments": { exportId: "e" },
  "exports.retry": EXPORT,
  "exports.sendWithoutLost": EXPORT,
  "exports.cancel": EXPORT,
  "exports.dismiss": EXPORT,
  "exports.openInClearance": EXPORT,
  "destination.state": undefined,
  "destination.spoolUse": undefined,
  "destination.cases": { text: "" },
  "destination.clock": undefined,
  "destination.caseForm": undefined,
  "destination.importConnectionFile": { json: "{}", underWay: "ask" },
  "destination.useEmbedded": { underWay: "ask" },
  "destination.test": undefined,
  "exports.takeClicked": undefined,
  "startup.state": undefined,
  "startup.change": { startsAtLogOn: true },
  "connectionFile.opened": undefined,
  "connectionFile.settle": { fileId: 1 },
  "network.state": undefined,
  "network.addAuthorities": { base64: "" },
  "network.removeAuthority": { fingerprint: "ab" },
  "network.useProxy": { address: "", user: "", password: null },
  "destination.configure": {
    spoolFolder: "spool",
    spoolQuotaBytes: 1,
    bandwidthCapBytesPerSecond: null,
    bandwidthSchedule: { fromMinute: 1320, toMinute: 360, capBytesPerSecond: null },
    keepAwake: true,
  },
  "preferences.get": undefined,
  "preferences.update": { sidebarPinned: true },
  "update.state": undefined,
  "update.usePlace": { place: "" },
  "update.look": undefined,
  "update.install": { despiteExports: false },
  "report.about": undefined,
  "report.prepare": undefined,
  "report.save": undefined,
  "report.pageError": { text: "A picture has no size." },
  "snapshot.save": {
    cameraName: "Gate",
    moment: "10:00",
    png: new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]),
  },
  "windows.own": undefined,
  "windows.open": undefined,
  "windows.next": undefined,
  "windows.toggleFullScreen": undefined,
  "windows.keepCanvas": { canvasPattern: "2x2", tiles: ["gate", null] },
  "windows.sendEvidence": {
    cameraId: "gate",
    offer: { kind: "marked", range: RANGE },
    camerasInTiles: ["gate"],
  },
  "windows.rangesSent": { cameraIds: ["gate"] },
};

describe.each([
  ["nobody", null, "NOT_SIGNED_IN"],
  ["a viewer", VIEWER, "NOT_PERMITTED"],
  ["an operator who may send", SENDER, "NOT_PERMITTED"],
  ["an administrator", ADMINISTRATOR, "NOT_PERMITTED"],
] as const)("%s", (_words, asker, refusal) => {
  test.each(NAMES)("asks for %s", async (name) => {
    const outcome = await dispatch(handlers, by(asker), { name, input: INPUTS[name] });
    if (mayAsk(name, asker)) {
      expect(outcome).toEqual(succeeded(undefined));
      expect(reached).toEqual([{ name, operator: asker }]);
    } else {
      expect(outcome).toMatchObject({ ok: false, error: { code: refusal } });
      expect(reached).toEqual([]);
    }
  });
});

test("a viewer may not send, configure or list exports, and may look at cameras", () => {
  const refused = NAMES.filter((name) => !mayAsk(name, VIEWER));
  const sending = NAMES.filter((name) => name.startsWith("exports."));
  expect(refused).toEqual(expect.arrayContaining(sending));
  expect(refused).toEqual(
    expect.arrayContaining(["destination.cases", "destination.configure", "cameras.add", "cameras.remove"]),
  );
  expect(refused).not.toContain("cameras.list");
  expect(NAMES.filter((name) => mayAsk(name, null)).toSorted()).toEqual([
    "operator.logOff",
    "operator.logOn",
    "operator.state",
    // Only written down: what goes wrong before somebody has logged on is worth knowing too.
    "report.pageError",
    // Of the window itself, whoever is logged on.
    "windows.next",
    "windows.own",
    "windows.toggleFullScreen",
  ]);
});

test("an input of the wrong shape never reaches a handler", async () => {
  for (const name of NAMES) {
    const wrong = INPUTS[name] === undefined ? { unasked: true } : undefined;
    const outcome = await dispatch(handlers, by(ADMINISTRATOR), { name, input: wrong });
    expect(outcome).toMatchObject({ ok: false, error: { code: "BAD_REQUEST" } });
  }
  expect(reached).toEqual([]);
});

test("nothing but a picture is saved as a snapshot", async () => {
  for (const png of [[137, 80], new Uint8Array(), new TextEncoder().encode("#!/bin/sh\n")]) {
    const outcome = await dispatch(handlers, by(VIEWER), {
      name: "snapshot.save",
      input: {
        cameraName: "Gate",
        moment: "",
        png,
      },
    });
    expect(outcome).toMatchObject({ ok: false, error: { code: "BAD_REQUEST" } });
  }
  expect(reached).toEqual([]);
});

test("whatever is asked by whomever, an outcome comes back and nobody passes without the privilege", async () => {
  const names = fc.oneof(
    fc.constantFrom<unknown>(...NAMES),
    fc.constantFrom<unknown>("__proto__", "constructor", "toString", "hasOwnProperty", "operator", ""),
    fc.anything(),
  );
  const inputs = fc.oneof(fc.constantFrom(...Object.values(INPUTS)), fc.anything());
  const askers = fc.constantFrom(null, VIEWER, SENDER, operator("configure"), ADMINISTRATOR);
  await fc.assert(
    fc.asyncProperty(names, inputs, askers, async (name, input, asker) => {
      reached = [];
      const outcome = await dispatch(handlers, by(asker), { name, input });
      expect(typeof outcome.ok).toBe("boolean");
      for (const one of reached) expect(mayAsk(one.name as RequestName, asker)).toBe(true);
      if (!outcome.ok) {
        expect(["BAD_REQUEST", "NOT_SIGNED_IN", "NOT_PERMITTED"]).toContain(outcome.error.code);
        expect(outcome.error.message).not.toBe("");
      }
    }),
    { numRuns: 500 },
  );
});

test("what the journal refuses is told as that", async () => {
  const [code, message] = ["JOURNAL_DISK_FULL", "The disk of /data is full."] as const;
  answer = () => {
    throw new JournalRefused(failureOfExport({ code, message }), null);
  };
  expect(await dispatch(handlers, by(ADMINISTRATOR), { name: "exports.list", input: undefined })).toEqual(
    failed(code, message),
  );
});

test.each([
  ["ENOSPC", "SITE_DISK_FULL"],
  ["EDQUOT", "SITE_DISK_FULL"],
  ["SQLITE_FULL", "SITE_DISK_FULL"],
  ["EROFS", "SITE_NOT_WRITTEN"],
  ["SQLITE_IOERR_WRITE", "SITE_NOT_WRITTEN"],
  ["SQLITE_READONLY_DBMOVED", "SITE_NOT_WRITTEN"],
  ["ENOENT", "INTERNAL"],
  ["SQLITE_CONSTRAINT", "INTERNAL"],
])("%s under a handler is told as %s", async (code, told) => {
  answer = () => {
    throw Object.assign(new Error("as the system says it"), { code });
  };
  const outcome = await dispatch(handlers, by(ADMINISTRATOR), { name: "exports.list", input: undefined });
  expect(outcome).toMatchObject({ ok: false, error: { code: told } });
});

describe("a handler that makes a mistake", () => {
  test.each([
    [
      "throws",
      () => {
        throw new Error("a secret detail");
      },
    ],
    ["rejects", () => Promise.reject(new Error("a secret detail"))],
  ])("and %s is logged and told as INTERNAL, without the detail", async (_words, mistake) => {
    answer = mistake;
    const outcome = await dispatch(handlers, by(ADMINISTRATOR), { name: "exports.list", input: undefined });
    expect(outcome).toMatchObject({ ok: false, error: { code: "INTERNAL" } });
    expect(JSON.stringify(outcome)).not.toContain("a secret detail");
    expect(console.error).toHaveBeenCalledOnce();
  });

  test("an expected failure passes as it is", async () => {
    answer = () => failed("UNKNOWN_EXPORT", "It is not in the list.");
    expect(await dispatch(handlers, by(SENDER), { name: "exports.retry", input: EXPORT })).toEqual(
      failed("UNKNOWN_EXPORT", "It is not in the list."),
    );
  });
});

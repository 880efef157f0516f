import { afterEach, beforeEach, expect, test } from "vitest";
import { sendLosingCommit } from "./lost-commit.ts";
import { footageOf, SendingConsole } from "./sending-console.ts";

/** Two blocks. */
const FOOTAGE = footageOf(9 * 1024 * 1024);

let sending: SendingConsole;
beforeEach(async () => {
  sending = await SendingConsole.start(FOOTAGE);
});
afterEach(async () => {
  await sending.stop();
});

test("a segment whose commit was answered to nobody is sent once", async () => {
  const segment = await sending.spoolSegment();
  const { puts, lost } = await sendLosingCommit(sending, await sending.createEvidence(), segment);
  expect(lost).toBe(1);
  expect(puts).toEqual(["block", "block", "blocklist"]);
  expect(sending.waits).toContain("SERVICE_UNREACHABLE");
});

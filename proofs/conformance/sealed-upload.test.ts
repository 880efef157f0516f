import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, expect, test } from "vitest";
import { footageOf, SendingConsole } from "./sending-console.ts";

let sending: SendingConsole;

afterEach(async () => {
  await sending.stop();
});

/** The service ended after it had sealed the file and before its completion was on the disk. */
function forgetCompletion(resourceId: string): void {
  const database = new Database(join(sending.folder, "service", "evidence.sqlite"));
  const forget = "UPDATE resource SET state = 'Created', lengthBytes = NULL WHERE resourceId = ?";
  expect(database.prepare(forget).run(resourceId).changes).toBe(1);
  database.close();
}

test("a file that is sent again after the service sealed it and died is completed, and not refused", async () => {
  sending = await SendingConsole.start(footageOf(100_000));
  const segment = await sending.spoolSegment();
  const evidenceId = await sending.createEvidence();
  const first = await sending.send(evidenceId, segment);
  forgetCompletion(first.resourceId);
  const second = await sending.send(evidenceId, segment);
  expect(second).toMatchObject({ resourceId: first.resourceId, lengthBytes: segment.file.lengthBytes });
  expect(sending.waits).toEqual([]);
});

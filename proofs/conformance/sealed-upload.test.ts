import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { changeRows } from "#evidence-service/testing/rows.ts";
import { footageOf, SendingConsole } from "./sending-console.ts";

let sending: SendingConsole;

afterEach(async () => {
  await sending.stop();
});

/** The service ended after it had sealed the file and before its completion was on the disk. */
async function forgetCompletion(resourceId: string): Promise<void> {
  const forget = "UPDATE resource SET state = 'Created', lengthBytes = NULL WHERE resourceId = ?";
  expect(await changeRows(join(sending.folder, "service"), forget, resourceId)).toBe(1);
}

test("a file that is sent again after the service sealed it and died is completed, and not refused", async () => {
  sending = await SendingConsole.start(footageOf(100_000));
  const segment = await sending.spoolSegment();
  const evidenceId = await sending.createEvidence();
  const first = await sending.send(evidenceId, segment);
  await forgetCompletion(first.resourceId);
  const second = await sending.send(evidenceId, segment);
  expect(second).toMatchObject({ resourceId: first.resourceId, lengthBytes: segment.file.lengthBytes });
  expect(sending.waits).toEqual([]);
});

import { anyFailure } from "../../export-pipeline/testing/hindered-calls.ts";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { portFailedAs, type PortOutcome, portSucceeded } from "../../export-pipeline/ports/port-call.ts";
import { SERVICE_PEER } from "./access-token.ts";
import { uploadOutcome } from "./stored-file.ts";

const CALL = { signal: new AbortController().signal };

let server: Server;
let uri: string;
let status: number;
let lengthBytes: number;

beforeEach(async () => {
  [status, lengthBytes] = [200, 1_000];
  server = createServer((request, response) => {
    response.writeHead(status, { "content-length": request.method === "HEAD" ? lengthBytes : 0 }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/blob?sig=s`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const SENT = portSucceeded(undefined);
const refused = (code: string) => portFailedAs("permanent", anyFailure(code, "No."));

function outcomeOf(sent: PortOutcome<unknown>) {
  return uploadOutcome(sent, { peer: SERVICE_PEER, uri, lengthBytes: 1_000 }, CALL);
}

test("a file of the right length has arrived", async () => {
  expect(await outcomeOf(SENT)).toMatchObject({ ok: true });
});

test.each([
  ["shorter", 200, 999],
  ["not there", 404, 0],
])("a file that is %s is sent again, whatever its upload was told", async (_words, answered, stored) => {
  [status, lengthBytes] = [answered, stored];
  expect(await outcomeOf(SENT)).toMatchObject({ error: { unconfirmed: true, code: "UPLOAD_NOT_ARRIVED" } });
});

test.each([403, 503])(
  "where one may not look or cannot (%i), the upload's own answer counts",
  async (answered) => {
    status = answered;
    expect(await outcomeOf(SENT)).toMatchObject({ ok: true });
  },
);

test("a sealed place that holds the whole file is done; one that does not, or cannot be looked at, is not", async () => {
  const sealed = refused("BlobImmutableDueToPolicy");
  expect(await outcomeOf(sealed)).toMatchObject({ ok: true });
  lengthBytes = 999;
  expect(await outcomeOf(sealed)).toMatchObject({ error: { code: "BlobImmutableDueToPolicy" } });
  status = 403;
  expect(await outcomeOf(sealed)).toMatchObject({ error: { code: "BlobImmutableDueToPolicy" } });
});

test("what the service refuses is doubted, what the console found itself is not", async () => {
  expect(await outcomeOf(refused("InvalidBlockList"))).toMatchObject({ error: { unconfirmed: true } });
  expect(await outcomeOf(refused("SPOOL_FILE_LOST"))).toMatchObject({ error: { unconfirmed: false } });
});

import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { randomUUID } from "node:crypto";
import { PutObjectLockConfigurationCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { s3Client } from "#evidence-service/blobs/s3/bucket.ts";
import { checkBucket } from "#evidence-service/blobs/s3/check-bucket.ts";
import type { S3Settings } from "#evidence-service/blobs/s3/s3-settings.ts";
import { ObjectStore } from "./object-store.ts";

const objectStore = await ObjectStore.forTests();
const why = "missing" in objectStore ? ` (skipped: ${objectStore.missing})` : "";

describe.skipIf(why !== "")(`a bucket, tried at the start${why}`, () => {
  let store: ObjectStore;
  let settings: S3Settings;
  beforeAll(async () => {
    if ("missing" in objectStore) return;
    store = objectStore;
    settings = await store.makeBucket(`start-${randomUUID()}`);
  });
  afterAll(async () => {
    if (!("missing" in objectStore)) await store.close();
  });

  const lock = { mode: "compliance", days: 30 } as const;

  test("is as it has to be, and nothing is left of the trial", async () => {
    expect(await checkBucket(settings)).toEqual({ hasVersions: false });
    expect(await store.keys(settings.bucket)).toEqual([]);
    const lockable = await store.makeBucket(`lockable-${randomUUID()}`, true);
    expect(await checkBucket({ ...lockable, lock })).toEqual({ hasVersions: true });
    expect(await store.keys(lockable.bucket)).toEqual([]);
  });

  test.each<[string, Partial<S3Settings>, string]>([
    ["S3_BUCKET_MISSING", { bucket: "nobodys-bucket" }, "is not there."],
    ["S3_REFUSED", { secretAccessKey: "wrong" }, "(SignatureDoesNotMatch)"],
    ["S3_REFUSED", { accessKeyId: "nobody" }, "(InvalidAccessKeyId)"],
    ["S3_REGION", { region: "eu-central-2" }, "is in the region “us-east-1”, and not in “eu-central-2”"],
    ["S3_PATH_STYLE", { pathStyle: false }, "in the path of an address"],
    ["S3_NO_LOCK", { lock }, "has no object lock"],
  ])("is refused: %s %o", async (code, wrong, words) => {
    if (code === "S3_PATH_STYLE") wrong = { ...wrong, endpoint: `http://localhost:${store.port}` };
    const checking = checkBucket({ ...settings, ...wrong });
    await expect(checking).rejects.toMatchObject({ code });
    await expect(checking).rejects.toThrow(words);
    await expect(checking).rejects.not.toThrow(settings.secretAccessKey);
  });

  test("is refused while it locks everything by itself", async () => {
    const locking = await store.makeBucket(`locking-${randomUUID()}`, true);
    const client = s3Client(locking);
    const Rule = { DefaultRetention: { Mode: "COMPLIANCE" as const, Days: 1 } };
    const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled" as const, Rule };
    await client.send(
      new PutObjectLockConfigurationCommand({ Bucket: locking.bucket, ObjectLockConfiguration }),
    );
    client.destroy();
    await expect(checkBucket(locking)).rejects.toMatchObject({ code: "S3_DEFAULT_LOCK" });
    expect(await store.keys(locking.bucket)).toEqual([]);
  });

  test("is refused when the clock of one of both is wrong", async () => {
    const skewed = xml("RequestTimeTooSkewed", "The difference is too large.");
    await inFront(
      (_request, response) => void response.writeHead(403, XML).end(skewed),
      async (endpoint) => {
        const checking = checkBucket({ ...settings, endpoint });
        await expect(checking).rejects.toMatchObject({ code: "S3_CLOCK" });
        await expect(checking).rejects.toThrow("this computer's clock says");
      },
    );
  });

  test("is refused where it replaces what it is told not to", async () => {
    await inFront(
      (given, response) => {
        // The same store, to which nobody says what must not be: it may sign other headers, so it is answered here.
        if (given.method === "PUT" && given.url?.includes("/object") === true) {
          given.resume().on("end", () => void response.writeHead(200, { etag: '"1"' }).end());
          return;
        }
        if (given.method === "GET" && given.url?.includes("/object") === true) {
          void response.writeHead(206, { "content-range": "bytes 1-3/8", "content-length": 3 }).end("vid");
          return;
        }
        passOn(given, response, store.port);
      },
      async (endpoint) => {
        await expect(checkBucket({ ...settings, endpoint })).rejects.toMatchObject({
          code: "S3_NO_CONDITIONS",
        });
      },
    );
  });
});

const XML = { "content-type": "application/xml" };

function xml(code: string, message: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}

function passOn(given: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url, headers } = given;
  const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  given.pipe(onward);
}

async function inFront(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  act: (endpoint: string) => Promise<void>,
): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await act(`http://127.0.0.1:${port}`).finally(() => {
    server.closeAllConnections();
    server.close();
  });
}

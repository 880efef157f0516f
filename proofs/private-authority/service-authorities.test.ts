/** The evidence service on its way to Azure, behind a certificate of an organisation's own authority. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasOpenssl, TestAuthority } from "./authority.ts";
import { startTlsFront, type TlsFront } from "./tls-front.ts";

const PROGRAM = fileURLToPath(new URL("../../evidence-service/main.ts", import.meta.url));
const canMakeAuthorities = await hasOpenssl();

let folder: string;
let front: TlsFront;
let storage: Server;
let authorityFile: string;
let harbour: TestAuthority;

beforeAll(async () => {
  if (!canMakeAuthorities) return;
  folder = await mkdtemp(join(tmpdir(), "service-authorities-"));
  harbour = await TestAuthority.make(join(folder, "harbour"), "Harbour Authority");
  front = await startTlsFront(await harbour.issue({ names: ["DNS:localhost"] }));
  storage = startStorage().listen(0, "127.0.0.1");
  await once(storage, "listening");
  front.forwardTo(`http://127.0.0.1:${(storage.address() as AddressInfo).port}`);
  authorityFile = join(folder, "authorities.pem");
  await writeFile(authorityFile, harbour.pem);
});

afterAll(async () => {
  if (!canMakeAuthorities) return;
  storage.close();
  await front.close();
  await rm(folder, { recursive: true });
});

/** As much of the storage as is asked at the start: the container is made, and a blob in it says whose it is. */
function startStorage(): Server {
  let owner: Buffer | null = null;
  const answerTo = async (request: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await request.toArray());
    const isOfContainer = request.url?.includes("restype=container") === true;
    if (request.method === "PUT") {
      if (!isOfContainer) owner = body;
      answer.writeHead(201).end();
    } else if (owner === null) answer.writeHead(404, { "x-ms-error-code": "BlobNotFound" }).end();
    else {
      const whole = `bytes 0-${owner.length - 1}/${owner.length}`;
      answer.writeHead(206, { etag: '"1"', "content-range": whole, "content-length": owner.length });
      answer.end(request.method === "HEAD" ? undefined : owner);
    }
  };
  return createServer((request, answer) => void answerTo(request, answer));
}

/** What the service says first: its ready line, or why it does not start. */
async function firstWords(dir: string, words: readonly string[]): Promise<string> {
  await mkdir(dir);
  const key = Buffer.alloc(32, 7).toString("base64");
  const endpoint = `BlobEndpoint=https://localhost:${front.port}/desk`;
  const connectionString = `DefaultEndpointsProtocol=https;AccountName=desk;AccountKey=${key};${endpoint};`;
  const azure = JSON.stringify({ connectionString, container: "evidence" });
  await writeFile(join(dir, "azure-blobs.json"), azure, { mode: 0o600 });
  const service = spawn(process.execPath, [PROGRAM, "--dir", dir, "--port", "0", ...words]);
  const exited = once(service, "exit");
  try {
    const [said] = (await Promise.race([once(service.stdout, "data"), once(service.stderr, "data")])) as [
      Buffer,
    ];
    return String(said);
  } finally {
    service.kill("SIGTERM");
    await exited;
  }
}

describe.skipIf(!canMakeAuthorities)(
  "an Azure storage whose certificate is of an authority of its own",
  () => {
    test("is reached by the evidence service once the file of authorities that it is given names that", async () => {
      const said = await firstWords(join(folder, "trusting"), ["--authorities", authorityFile]);
      expect(JSON.parse(said)).toMatchObject({ listening: expect.stringMatching(/^http/) });
      expect(front.passed).toContainEqual(expect.stringMatching(/^PUT \/desk\/evidence/));
    }, 60_000);

    test("is not trusted without it, and nothing is told to it", async () => {
      const before = front.passed.length;
      expect(await firstWords(join(folder, "strict"), [])).toMatch(
        /certificate, issued by “Harbour Authority”, is of an authority that is not trusted here, .*network settings/,
      );
      expect(front.passed).toHaveLength(before);
    }, 60_000);

    test.each([
      [
        "has expired",
        { validFrom: "20200101000000Z", validTo: "20210203040000Z" },
        /issued by “Harbour Authority”, has expired on 2021-02-03 04:00 UTC; .*clock says 20.*or have the certificate renewed/,
      ],
      [
        "is not valid yet",
        { validFrom: "20400101000000Z", validTo: "20410101000000Z" },
        /issued by “Harbour Authority”, is not valid before 2040-01-01 00:00 UTC; .*clock says 20/,
      ],
      [
        "is another's",
        { names: ["DNS:other.example"] },
        /issued by “Harbour Authority”, is made out to other\.example and not to localhost: check the endpoint/,
      ],
    ])(
      "whose certificate %s is not told anything, and what is wrong is said with what to do",
      async (what, options, sentence) => {
        front.present(await harbour.issue({ names: ["DNS:localhost"], ...options }));
        const before = front.passed.length;
        const said = await firstWords(join(folder, what.replaceAll(" ", "-")), [
          "--authorities",
          authorityFile,
        ]);
        expect(said).toMatch(sentence);
        expect(front.passed).toHaveLength(before);
      },
      60_000,
    );
  },
);

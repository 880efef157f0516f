import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { connect, createServer as createPlainServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findInPath } from "../ffmpeg-location.ts";
import { makeCameraClip } from "../../testing/loop-clip-for-tests.ts";
import { doorkeeper } from "../../testing/doorkeeper.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA, type RecordedFolder } from "../../testing/recorded-folder.ts";
import { startTestCamera, type Doorkeeper, type TestCamera } from "../../testing/rtsp-server.ts";

const LONG = { timeout: 40_000, interval: 100 };
const PASSWORD = `Geheim@/:#?&=%41 "\\'ä漢${"x".repeat(200)}`;
const USER = "an/n@ö";

let folder: RecordedFolder;
let camera: TestCamera | undefined;

beforeEach(async () => {
  folder = await recordedFolder();
});

afterEach(async () => {
  await folder.close();
  await camera?.close();
  camera = undefined;
});

const fileCount = (): number => folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS }).length;

async function startCamera(door?: Doorkeeper, sendsBy?: "tcp" | "udp"): Promise<TestCamera> {
  camera = await startTestCamera(await makeCameraClip(folder.dir, "96x64", 60), door, sendsBy);
  return camera;
}

/** What other users of the computer can read of the living processes, and what only their owner can. */
async function saidByProcesses(): Promise<string> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const files = ids.flatMap((id) => [`/proc/${id}/cmdline`, `/proc/${id}/environ`]);
  return (await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")))).join("\n");
}

test.each(["basic", "digest"] as const)(
  "a camera that asks for a log-on (%s) is recorded; its password, of any characters, stands in no process",
  { timeout: 80_000 },
  async (kind) => {
    const { url } = await startCamera(doorkeeper(kind, USER, PASSWORD));
    const recorder = folder.record(
      { kind: "rtsp", url: `${url}?token=Verborgen1`, user: USER, password: PASSWORD },
      { fileSeconds: 1 },
    );
    await expect.poll(fileCount, LONG).toBeGreaterThanOrEqual(1);
    const said = process.platform === "linux" ? await saidByProcesses() : "";
    expect(said).not.toMatch(/Geheim|Verborgen/);
    expect(camera?.requests.some((request) => request.includes("/live?token=Verborgen1 "))).toBe(true);
    await recorder.stop();
    expect(folder.lines.join("\n")).not.toMatch(/Geheim|Verborgen/);
  },
);

test("a camera that is reached by TLS is recorded through the gate", { timeout: 80_000 }, async (context) => {
  const openssl = findInPath("openssl");
  if (openssl === null) return context.skip("openssl, which makes the certificate, is not installed");
  const { url } = await startCamera(doorkeeper("digest", USER, PASSWORD));
  const [key, certificate] = [join(folder.dir, "key.pem"), join(folder.dir, "cert.pem")];
  const making = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=camera"];
  await promisify(execFile)(openssl, [...making, "-keyout", key, "-out", certificate]);
  const door = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (socket) => {
    const inside = connect(Number(new URL(url.replace("rtsp:", "http:")).port), "127.0.0.1");
    socket.pipe(inside).pipe(socket);
    for (const end of [socket, inside])
      end.on("error", () => [socket, inside].forEach((one) => one.destroy()));
  }).listen(0, "127.0.0.1");
  await once(door, "listening");
  const address = `rtsps://127.0.0.1:${(door.address() as AddressInfo).port}/live`;
  const recorder = folder.record(
    { kind: "rtsp", url: address, user: USER, password: PASSWORD },
    { fileSeconds: 1 },
  );
  await expect.poll(fileCount, LONG).toBeGreaterThanOrEqual(1);
  await recorder.stop();
  door.close();
});

test("a camera that sends by UDP is recorded through the gate", { timeout: 80_000 }, async () => {
  const { url } = await startCamera(doorkeeper("digest", USER, PASSWORD));
  const source = { kind: "rtsp", url, user: USER, password: PASSWORD, transport: "udp" } as const;
  folder.record(source, { fileSeconds: 1 });
  await expect.poll(fileCount, LONG).toBeGreaterThanOrEqual(1);
  expect(camera?.requests.some((request) => /^SETUP[^]*client_port=/.test(request))).toBe(true);
});

test.each([
  { sendsBy: "udp", asked: undefined, user: USER },
  { sendsBy: "udp", asked: "tcp", user: "" },
  { sendsBy: "tcp", asked: "udp", user: USER },
  { sendsBy: "tcp", asked: "udp", user: "" },
] as const)(
  "a camera that sends by $sendsBy alone is recorded where it was asked for $asked first, by user '$user'",
  { timeout: 80_000 },
  async ({ sendsBy, asked, user }) => {
    const door = user === "" ? undefined : doorkeeper("digest", user, PASSWORD);
    const { url } = await startCamera(door, sendsBy);
    const logOn = user === "" ? {} : { user, password: PASSWORD };
    const transport = asked === undefined ? {} : { transport: asked };
    const recorder = folder.record({ kind: "rtsp", url, ...logOn, ...transport }, { fileSeconds: 1 });
    await expect.poll(fileCount, LONG).toBeGreaterThanOrEqual(1);
    expect(recorder.problem).toBeNull();
    const refused = sendsBy === "udp" ? "TCP" : "UDP";
    const sent = sendsBy.toUpperCase();
    expect(folder.lines).toContainEqual(
      expect.stringContaining(`the camera refuses ${refused}; it is asked to send by ${sent}`),
    );
    await recorder.stop();
  },
);

test(
  "a camera that sends its visitors elsewhere, is reached by IPv6, and has a long address in capitals, is recorded",
  { timeout: 80_000 },
  async () => {
    const { url } = await startCamera();
    // Everybody is shown the way to the camera, under its other name.
    const elsewhere = url.replace("127.0.0.1", "localhost");
    const asked: string[] = [];
    const guide = createPlainServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.on("data", (bytes) => {
        const request = bytes.toString("latin1");
        asked.push(request);
        const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? "0";
        socket.write(
          request.startsWith("OPTIONS")
            ? `RTSP/1.0 200 OK\r\nCSeq: ${sequence}\r\nPublic: DESCRIBE\r\n\r\n`
            : `RTSP/1.0 302 Found\r\nCSeq: ${sequence}\r\nLocation: ${elsewhere}\r\n\r\n`,
        );
      });
    }).listen(0, "::1");
    await once(guide, "listening");
    const { port } = guide.address() as AddressInfo;
    const longName = "a".repeat(1_900);
    const recorder = folder.record(
      { kind: "rtsp", url: `RTSP://[::1]:${port}/${longName}` },
      { fileSeconds: 1 },
    );
    try {
      await expect.poll(fileCount, LONG).toBeGreaterThanOrEqual(1);
      expect(asked.some((request) => request.includes(`/${longName} RTSP/1.0`))).toBe(true);
      expect(camera?.requests.some((request) => request.startsWith("PLAY"))).toBe(true);
    } finally {
      await recorder.stop();
      guide.close();
    }
  },
);

test(
  "a camera that refuses the log-on says so in words without the password",
  { timeout: 80_000 },
  async () => {
    const { url } = await startCamera(doorkeeper("digest", USER, PASSWORD));
    const recorder = folder.record({ kind: "rtsp", url, user: USER, password: "Falsch1" });
    await expect
      .poll(() => recorder.problem?.message, LONG)
      .toBe("The camera refuses the user name or the password.");
    await recorder.stop();
    const asked = folder.record({ kind: "rtsp", url: `${url}?token=Verborgen1` });
    await expect
      .poll(() => asked.problem?.message, LONG)
      .toBe("The camera wants a user name and a password.");
    expect(folder.lines.join("\n")).not.toMatch(/Falsch|Verborgen/);
  },
);

const NOTHING_THERE = "The camera has nothing at this address; check what stands behind its host and port.";
const NOT_NAMED = "a=rtpmap:96 rtsp://127.0.0.1/s?token=Verborgen1/90000";

test.each([
  ["404 Not here: rtsp://127.0.0.1/s?token=Verborgen1", /^OPTIONS/, `^${NOTHING_THERE}$`],
  ["500 Verborgen1", /^DESCRIBE/, "^The camera refuses to send \\(RTSP 500\\); "],
  ["200 OK\r\nContent-Type: application/sdp", /^DESCRIBE/, "^This camera sends payload type 96, "],
  ["200 OK\r\nContent-Base: nowhere", /^DESCRIBE/, "^127\\.0\\.0\\.1:PORT: "],
])(
  "what a camera repeats or refuses is said in words of ours, also where it answers %j",
  async (line, to, said) => {
    const description = [
      "v=0",
      "o=- 0 0 IN IP4 0.0.0.0",
      "s=-",
      "t=0 0",
      "m=video 0 RTP/AVP 96",
      NOT_NAMED,
      "",
    ];
    const server = createPlainServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.on("data", (bytes) => {
        const request = String(bytes);
        const sequence = /^CSeq: *\d+/im.exec(request)?.[0] ?? "";
        const body = line.includes("sdp") && to.test(request) ? description.join("\r\n") : "";
        const length = body === "" ? "" : `Content-Length: ${body.length}\r\n`;
        socket.write(`RTSP/1.0 ${to.test(request) ? line : "200 OK"}\r\n${sequence}\r\n${length}\r\n${body}`);
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const recorder = folder.record({ kind: "rtsp", url: `rtsp://127.0.0.1:${port}/s?token=Verborgen1` });
    try {
      await expect
        .poll(() => recorder.problem?.message, LONG)
        .toMatch(new RegExp(said.replace("PORT", String(port))));
      expect(folder.lines.join("\n")).not.toContain("Verborgen");
    } finally {
      await recorder.stop();
      server.close();
    }
  },
);

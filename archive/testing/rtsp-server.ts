import { spawn, type ChildProcess } from "node:child_process";
import { createSocket, type Socket as Datagrams } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { testFfmpeg } from "./ffmpeg-of-tests.ts";

/**
 * A network camera for tests that needs nothing but ffmpeg: RTSP over TCP (RFC 2326, interleaved as in
 * 10.12), one picture. Each player gets the clip from its beginning, paced by the wall clock. The description holds no
 * parameter sets, so that they are those of the stream itself.
 */
export interface TestCamera {
  readonly url: string;
  /** Heads of the requests so far. */
  readonly requests: readonly string[];
  /** The clip that players from now on get. */
  clip: string;
  /** Sends a signal to what feeds the players: SIGSTOP freezes the camera. */
  signal(signal: NodeJS.Signals): void;
  close(): Promise<void>;
}

/** A picture as a description names it: payload type, and the lines that belong to it. */
interface NamedPicture {
  readonly type: number;
  readonly lines: readonly string[];
}

/** What a camera can send; the sets of H.264 are those of the stream itself. */
const PICTURES = {
  h264: { type: 96, lines: ["a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1"] },
  mjpeg: { type: 26, lines: ["a=rtpmap:26 JPEG/90000"] },
  mpeg4: { type: 96, lines: ["a=rtpmap:96 MP4V-ES/90000"] },
} as const satisfies Record<string, NamedPicture>;

const describe = ({ type, lines }: NamedPicture): string =>
  [
    ...["v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=camera", "c=IN IP4 127.0.0.1", "t=0 0"],
    ...[`m=video 0 RTP/AVP ${type}`, ...lines, "a=control:picture", ""],
  ].join("\r\n");

/** Says whether a request may be answered: null, or the lines that ask for a log-on. */
export type Doorkeeper = (request: string) => readonly string[] | null;

/**
 * @param clip a file with such a picture
 * @param doorkeeper by default everybody is let in
 * @param sendsBy refuses players who ask for the other
 */
export async function startTestCamera(
  clip: string,
  doorkeeper: Doorkeeper = () => null,
  sendsBy: "both" | "tcp" | "udp" = "both",
  kind: keyof typeof PICTURES = "h264",
): Promise<TestCamera> {
  const picture: NamedPicture = PICTURES[kind];
  const requests: string[] = [];
  const feeders = new Set<ChildProcess>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    const answered = (request: string): string => {
      requests.push(request);
      const challenge = doorkeeper(request);
      if (challenge !== null) return refusal(request, challenge);
      const isRefused = request.startsWith("SETUP") && sendsBy !== "both" && sendsBy !== askedFor(request);
      return isRefused ? transportRefusal(request) : answer(request, url, describe(picture));
    };
    answerRequests(socket, answered, async (udpPort) => {
      const feeder = await feed(socket, camera.clip, picture.type, udpPort);
      feeders.add(feeder);
      feeder.once("exit", () => feeders.delete(feeder));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/live`;
  const camera: TestCamera = {
    ...{ url, clip, requests },
    signal: (signal) => feeders.forEach((feeder) => feeder.kill(signal)),
    async close() {
      for (const feeder of feeders) feeder.kill("SIGKILL");
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return camera;
}

function answerRequests(
  socket: Socket,
  answered: (request: string) => string,
  play: (udpPort: number | null) => Promise<void>,
): void {
  let text = "";
  let udpPort: number | null = null;
  socket.on("data", (bytes) => {
    // Receiver reports come interleaved; they begin with a dollar sign and hold no request.
    text = bytes[0] === 0x24 ? "" : text + bytes.toString("latin1");
    for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
      const request = text.slice(0, end);
      text = text.slice(end + 4);
      const said = answered(request);
      socket.write(said);
      if (said.startsWith("RTSP/1.0 4")) continue;
      if (request.startsWith("SETUP")) udpPort = clientPort(request);
      if (request.startsWith("PLAY")) void play(udpPort);
      if (request.startsWith("TEARDOWN")) socket.end();
    }
  });
}

const clientPort = (request: string): number | null => {
  const port = /client_port=(\d+)/.exec(request)?.[1];
  return port === undefined ? null : Number(port);
};

const askedFor = (request: string): "tcp" | "udp" => (clientPort(request) === null ? "tcp" : "udp");

function transportRefusal(request: string): string {
  const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? "0";
  return ["RTSP/1.0 461 Unsupported Transport", `CSeq: ${sequence}`, "", ""].join("\r\n");
}

function refusal(request: string, challenge: readonly string[]): string {
  const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? "0";
  return ["RTSP/1.0 401 Unauthorized", `CSeq: ${sequence}`, ...challenge, "", ""].join("\r\n");
}

function answer(request: string, url: string, description: string): string {
  const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? "0";
  const head = ["RTSP/1.0 200 OK", `CSeq: ${sequence}`, "Session: 1"];
  switch (request.split(" ", 1).join("")) {
    case "DESCRIBE":
      head.push("Content-Type: application/sdp", `Content-Base: ${url}/`);
      head.push(`Content-Length: ${description.length}`, "", description);
      return head.join("\r\n");
    case "SETUP":
      head.push(transport(clientPort(request)));
      break;
    default:
      head.push("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER");
  }
  return [...head, "", ""].join("\r\n");
}

const transport = (udpPort: number | null): string =>
  udpPort === null
    ? "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"
    : `Transport: RTP/AVP;unicast;client_port=${udpPort}-${udpPort + 1};server_port=9-10`;

/** Lets ffmpeg make RTP packets of the clip and passes them on to the player. */
async function feed(
  socket: Socket,
  clip: string,
  type: number,
  udpPort: number | null,
): Promise<ChildProcess> {
  const packets: Datagrams = createSocket("udp4");
  packets.bind(0, "127.0.0.1");
  await once(packets, "listening");
  packets.on("message", (packet) => {
    if (udpPort !== null) packets.send(packet, udpPort, "127.0.0.1");
    else if (socket.writable) socket.write(Buffer.concat([frameHeader(packet.length), packet]));
  });
  const output = `rtp://127.0.0.1:${packets.address().port}?pkt_size=1200&rtcpport=${packets.address().port + 1}`;
  const parameters = [
    "-v",
    "error",
    "-re",
    "-i",
    clip,
    "-c",
    "copy",
    "-f",
    "rtp",
    "-payload_type",
    String(type),
    output,
  ];
  const feeder = spawn(testFfmpeg(), parameters, { stdio: "ignore" });
  feeder.once("exit", () => {
    packets.close();
    socket.destroy();
  });
  socket.once("close", () => feeder.kill("SIGKILL"));
  return feeder;
}

function frameHeader(lengthBytes: number): Buffer {
  return Buffer.from([0x24, 0, lengthBytes >> 8, lengthBytes & 0xff]);
}

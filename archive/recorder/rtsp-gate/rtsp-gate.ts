import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { RtspSource } from "#shared/archive-api/archive-api.ts";
import { RtspAddresses } from "./rtsp-addresses.ts";
import { CameraConnection } from "./camera-connection.ts";
import { CodecWatch } from "./codec-watch.ts";
import { describedPicture, describedSoundType } from "./described-picture.ts";
import { headerOf, rtspReader, type RtspMessage } from "./rtsp-messages.ts";
import { StampWatch } from "./stamp-watch.ts";
import type { SentStamps } from "../frames/sent-stamps.ts";
import { monotonicUs } from "../frames/wall-clock.ts";

/**
 * A gate between the recorder and its camera, on this computer. It logs on, so that user name, password and secret parts
 * of the address never stand on the recorder's command line, which every user of the computer can read, nor in its words.
 */
export interface RtspGate {
  /** What the recorder is given. */
  readonly source: RtspSource;
  /** Why the camera was not reached or refused, for people; null while there is nothing to say. */
  faultInWords(): string | null;
  /** The camera does not send in the way that it was asked for. */
  refusesTransport(): boolean;
  /** The camera's own clock, where its pictures come through the gate. */
  readonly stamps: SentStamps;
  /** What the recorder says, with the camera's host where the gate was named: nobody knows what that is. */
  named(words: string): string;
  close(): void;
}

const OTHER_CODEC = "The camera sends pictures of another codec than it says.";

/**
 * What is on its way of one recorder, until the recorder or the camera ends.
 * @param onOtherCodec the camera sends another codec than it said; it must be asked anew. Once
 */
export async function openRtspGate(
  camera: RtspSource,
  onOtherCodec: () => void = () => undefined,
): Promise<RtspGate> {
  const secret = randomBytes(16).toString("hex");
  const sockets = new Set<Socket>();
  let fault: string | null = null;
  let refusesTransport = false;
  let stamps: StampWatch | null = null;
  const server = createServer({ noDelay: true });
  // A camera that sends by UDP is told an address of the family that it is reached at.
  server.listen(0, /\/\/\[/.test(camera.url) ? "::1" : "127.0.0.1");
  await once(server, "listening");
  const { address, port, family } = server.address() as AddressInfo;
  const local = `rtsp://${family === "IPv6" ? `[${address}]` : address}:${port}/${secret}`;
  const addresses = new RtspAddresses(local, camera.url);
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    passOn(
      socket,
      { source: camera, addresses },
      {
        say: (words) => (fault = words),
        onTransportRefused: () => (refusesTransport = true),
        onStamps: (watch) => (stamps = watch),
        onOtherCodec() {
          fault = OTHER_CODEC;
          onOtherCodec();
        },
        // One player is all that a gate is for; another would not be the recorder.
        onPlay: () => void server.close(),
      },
    );
  });
  return {
    source: {
      kind: "rtsp",
      url: addresses.first,
      ...(camera.transport === undefined ? {} : { transport: camera.transport }),
    },
    faultInWords: () => fault,
    refusesTransport: () => refusesTransport,
    stamps: () => stamps,
    named: (words) => addresses.named(words),
    close() {
      if (server.listening) server.close();
      // What came before is passed on, so that the recorder ends with the last whole frame.
      for (const socket of sockets) socket.end();
    },
  };
}

interface Watcher {
  readonly say: (words: string) => void;
  readonly onTransportRefused: () => void;
  readonly onStamps: (watch: StampWatch) => void;
  readonly onOtherCodec: () => void;
  readonly onPlay: () => void;
}

/** A camera, and the addresses under which the recorder is given it. */
interface GatedCamera {
  readonly source: RtspSource;
  readonly addresses: RtspAddresses;
}

/** Passes one connection of the recorder on; the camera is connected to by its first request. */
function passOn(recorder: Socket, { source, addresses }: GatedCamera, watcher: Watcher): void {
  let connection: CameraConnection | null = null;
  let codec: CodecWatch | null = null;
  let stamps: StampWatch | null = null;
  const describe = (description: string): void => {
    const picture = describedPicture(description);
    if (picture === null) return;
    [codec, stamps] = [new CodecWatch(picture), new StampWatch(picture, describedSoundType(description))];
    watcher.onStamps(stamps);
  };
  const ask = (request: RtspMessage): void => {
    const [, method = "", asked = ""] = /^(\S+) (\S+)/.exec(request.head) ?? [];
    const real = asked === "*" ? source.url : addresses.realOf(asked);
    if (real === null) return void recorder.destroy();
    connection ??= new CameraConnection(real, source, {
      onAnswer: (answer) => {
        if (isDescription(answer)) describe(answer.body.toString("utf8"));
        if (recorder.writable) recorder.write(addressed(addresses, answer));
      },
      onData: (frames) => {
        if (codec?.look(frames) === true) watcher.onOtherCodec();
        stamps?.look(frames, monotonicUs());
        if (recorder.write(frames)) return true;
        recorder.once("drain", () => connection?.resume());
        return false;
      },
      onEnd: (words) => {
        if (words !== null) watcher.say(words);
        recorder.end();
      },
      onRefused: (words) => watcher.say(words),
      onTransportRefused: watcher.onTransportRefused,
    });
    if (method.toUpperCase() === "PLAY") watcher.onPlay();
    connection.ask({ request, method, uri: real, sequence: headerOf(request.head, "CSeq") ?? "0" });
  };
  const reader = rtspReader(ask, (frames) => connection?.send(frames));
  recorder.on("data", (bytes) => {
    try {
      reader.add(bytes);
    } catch {
      // Not RTSP: whoever speaks so is not the recorder.
      recorder.destroy();
    }
  });
  recorder.on("error", () => recorder.destroy());
  recorder.once("close", () => connection?.close());
}

const isDescription = ({ head, body }: RtspMessage): boolean =>
  body.length > 0 && /^application\/sdp\b/i.test(headerOf(head, "Content-Type") ?? "");

function addressed(addresses: RtspAddresses, answer: RtspMessage): Buffer {
  const { head, body } = addresses.inAnswer(answer);
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]);
}

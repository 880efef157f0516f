import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { isPictureUnit, type AnnexBClip, type CodedPicture } from "./annex-b-clip.ts";
import { interleaved, PICTURE_TYPE, report, SOUND_TYPE, soundPayload, unitPayloads } from "./rtp-packets.ts";

/** What a camera does that it should not, or need not. Seconds count from PLAY. */
export interface Oddity {
  readonly clip: AnnexBClip;
  /** Its pictures are sent from then on, to those who come later at once. */
  readonly laterClip?: { readonly atS: number; readonly clip: AnnexBClip };
  /** Frames a second. */
  readonly fps: number;
  /** How fast its stamps run. */
  readonly rate?: number;
  readonly jump?: { readonly atS: number; readonly byS: number };
  /** Its first stamp. */
  readonly base?: number;
  /** Nothing is sent from one second to another; stamps go on. */
  readonly skip?: { readonly fromS: number; readonly toS: number };
  /** What is sent from one second to another does not come, and is counted. */
  readonly lost?: { readonly fromS: number; readonly toS: number };
  /** What is sent from one second to another comes all at once after it, as from a network that stalls. */
  readonly stall?: { readonly fromS: number; readonly toS: number };
  /** From then on one frame in so many is sent, and key frames. */
  readonly thinned?: { readonly atS: number; readonly oneIn: number };
  /** Nothing is sent from then on; the connection stays. */
  readonly stopAtS?: number;
  /** The connection is closed then. */
  readonly lifeS?: number;
  /** B-frames between others in the clip. */
  readonly bFrames?: number;
  /** Parameter sets come with key frames, or in the description alone. */
  readonly sets?: "band" | "description";
  /** A viewer comes in the middle of the clip: a camera that sends no key frame on PLAY. */
  readonly isJoined?: boolean;
  /** Sound that is declared: G.711 that is sent, AAC that is sent, AAC that never is. */
  readonly sound?: "g711" | "aac" | "silent";
  /** The first packet of all is one of sound. */
  readonly isSoundFirst?: boolean;
  /** Metadata beside the picture (ONVIF): so many scene descriptions a second. */
  readonly metadataRate?: number;
  /** Its clock of day, which it tells each second, is ahead by so much. */
  readonly dayAheadS?: number;
  /** What the clock of its sound does, where that is not what the picture's does: AAC alone. */
  readonly soundJump?: { readonly atS: number; readonly byS: number };
  readonly soundRate?: number;
  /** Units of AAC, 16 kHz, one channel. */
  readonly soundUnits?: readonly Buffer[];
}

/** A frame, or a packet of sound, and when it was sent. */
export interface Sent {
  /** Of a frame its picture alone, without parameter sets and what else stands beside it. */
  readonly bytes: Buffer;
  readonly sentUs: number;
  /** When it was seen or heard, which its stamp says; this process may send it later. */
  readonly takenUs: number;
}

export interface OddCamera {
  readonly url: string;
  /** What was sent to those who stayed for longer than it takes to ask what there is. */
  sent(): Record<"pictures" | "sounds", readonly Sent[]>;
  close(): Promise<void>;
}

const PICTURE_CLOCK = 90_000;
const SOUND_CLOCK = 16_000;
const SOUND_UNIT_TICKS = 1_024;
const G711_PACKET_S = 0.02;
const METADATA_TYPE = 107;
const SCENE = '<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema"/>';

/** Whoever asks only what there is, is gone by then. */
const ASKED_S = 2;
const ASKED_FRAMES = 3;

/** Wall time, microseconds, in one piece with the clock that nobody sets. */
const originUs = Date.now() * 1000 - performance.now() * 1000;
const nowUs = (): number => originUs + performance.now() * 1000;

/** An RTSP camera over TCP whose faults are chosen, and which notes when it sent what. */
export async function startOddCamera(oddity: Oddity): Promise<OddCamera> {
  const bornMs = performance.now();
  const players: Player[] = [];
  let laterMs = Infinity;
  const clipOfNow = (): AnnexBClip =>
    performance.now() >= laterMs ? (oddity.laterClip?.clip ?? oddity.clip) : oddity.clip;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    const describe = (): string => description({ ...oddity, clip: clipOfNow() }, url);
    answer(socket, url, describe, () => {
      if (laterMs === Infinity) laterMs = performance.now() + (oddity.laterClip?.atS ?? Infinity) * 1000;
      const clip = clipOfNow();
      const { laterClip: _laterClip, lifeS: _lifeS, ...later } = { ...oddity, clip };
      const player = new Player(socket, clip === oddity.clip ? oddity : later, bornMs);
      players.push(player);
      if (oddity.isSoundFirst === true) void player.playSound();
      void player.play();
      if (oddity.isSoundFirst !== true) void player.playSound();
      void player.playMetadata();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/odd`;
  return {
    url,
    sent() {
      const stayed = players.filter(
        ({ agedS, pictures }) => agedS > ASKED_S && pictures.length > ASKED_FRAMES,
      );
      return {
        pictures: stayed.flatMap(({ pictures }) => pictures),
        sounds: stayed.flatMap(({ sounds }) => sounds),
      };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Plays to one connection. */
class Player {
  readonly #socket: Socket;
  readonly #oddity: Oddity;
  readonly pictures: Sent[] = [];
  readonly sounds: Sent[] = [];
  agedS = 0;
  readonly #startMs: number;
  readonly #firstFrame: number;
  #sequences = [0, 0, 0];
  #keyPlace = 0;
  /** What a stalled network holds. */
  #held: Buffer[] = [];

  constructor(socket: Socket, oddity: Oddity, bornMs: number) {
    [this.#socket, this.#oddity] = [socket, oddity];
    this.#firstFrame =
      oddity.isJoined === true ? Math.ceil(((performance.now() - bornMs) / 1000) * oddity.fps) : 0;
    this.#startMs = performance.now();
  }

  async play(): Promise<void> {
    const { fps, lifeS = Infinity } = this.#oddity;
    for (let frame = 0; !this.#socket.destroyed; frame++) {
      const ageS = frame / fps;
      if (ageS > lifeS) return void this.#socket.end();
      await this.#until(ageS);
      if (this.#socket.destroyed) return;
      this.agedS = ageS;
      this.#frame(frame + this.#firstFrame, ageS);
    }
  }

  async #until(ageS: number): Promise<void> {
    const waitMs = this.#startMs + ageS * 1000 - performance.now();
    if (waitMs > 0) await pause(waitMs);
  }

  #takenUs(ageS: number): number {
    return originUs + (this.#startMs + ageS * 1000) * 1000;
  }

  /** The clip that is sent at an age, and the place in it. */
  #playing(number: number, ageS: number): { clip: AnnexBClip; number: number } {
    const { clip, laterClip, fps } = this.#oddity;
    if (laterClip === undefined || ageS < laterClip.atS) return { clip, number };
    return { clip: laterClip.clip, number: number - this.#firstFrame - Math.ceil(laterClip.atS * fps) };
  }

  #frame(counted: number, ageS: number): void {
    const { thinned, skip, lost, stall, stopAtS = Infinity } = this.#oddity;
    const { clip, number } = this.#playing(counted, ageS);
    const picture = clip.pictures[number % clip.pictures.length];
    if (picture === undefined) return;
    const stamp = this.#stamp(picture, number % clip.pictures.length, ageS);
    const isThinned =
      thinned !== undefined && ageS >= thinned.atS && number % thinned.oneIn !== 0 && !picture.isKey;
    const isSkipped = skip !== undefined && ageS >= skip.fromS && ageS < skip.toS;
    if (isThinned || isSkipped || ageS >= stopAtS) return;
    const packets = this.#packets(clip, picture, stamp);
    if (lost !== undefined && ageS >= lost.fromS && ageS < lost.toS) return;
    // The instant is when the camera gave it to the network.
    const units = picture.units.filter((unit) => isPictureUnit(clip.codec, unit));
    this.pictures.push({ bytes: Buffer.concat(units), sentUs: nowUs(), takenUs: this.#takenUs(ageS) });
    const isHeld = stall !== undefined && ageS >= stall.fromS && ageS < stall.toS;
    this.#held.push(...packets);
    if (isHeld || this.#socket.destroyed) return;
    const { dayAheadS, fps } = this.#oddity;
    if (dayAheadS !== undefined && counted % fps === 0)
      this.#held.push(report(0, stamp, this.#takenUs(ageS) + dayAheadS * 1e6));
    this.#socket.write(Buffer.concat(this.#held));
    this.#held = [];
  }

  #stamp({ isKey }: CodedPicture, place: number, ageS: number): number {
    const { rate = 1, jump, base = 90_000, bFrames = 0, fps } = this.#oddity;
    const jumpedS = jump !== undefined && ageS >= jump.atS ? jump.byS : 0;
    if (isKey) this.#keyPlace = place;
    // A P-frame comes first and is shown after its B-frames.
    const isLater = (place - this.#keyPlace - 1) % (bFrames + 1) === 0;
    const shiftS = isKey || bFrames === 0 ? 0 : (isLater ? bFrames : -1) / fps;
    return base + Math.round(((ageS + shiftS) * rate + jumpedS) * PICTURE_CLOCK);
  }

  #packets(clip: AnnexBClip, picture: CodedPicture, stamp: number): Buffer[] {
    const { sets = "band" } = this.#oddity;
    const units = picture.isKey && sets === "band" ? [...clip.sets, ...picture.units] : picture.units;
    return units.flatMap((unit, at) => {
      const payloads = unitPayloads(clip.codec, unit);
      return payloads.map((payload, part) => {
        const isMarked = at === units.length - 1 && part === payloads.length - 1;
        return this.#packet(0, PICTURE_TYPE, stamp, isMarked, payload);
      });
    });
  }

  #packet(track: number, type: number, stamp: number, isMarked: boolean, payload: Buffer): Buffer {
    const sequence = this.#sequences[track] ?? 0;
    this.#sequences[track] = sequence + 1;
    return interleaved({ channel: track * 2, type, sequence, stamp, isMarked }, payload);
  }

  /** Sound is sent as it is heard, whatever the picture does. */
  async playSound(): Promise<void> {
    const { sound, soundUnits = [], lifeS = Infinity } = this.#oddity;
    if (sound !== "g711" && sound !== "aac") return;
    const stepS = sound === "aac" ? SOUND_UNIT_TICKS / SOUND_CLOCK : G711_PACKET_S;
    for (let number = 0; number * stepS <= lifeS; number++) {
      await this.#until(number * stepS);
      if (this.#socket.destroyed) return;
      this.#soundPacket(number, soundUnits[number % soundUnits.length] ?? Buffer.alloc(160, 0xd5));
    }
  }

  /** XML of what the camera has seen, to those who set it up. */
  async playMetadata(): Promise<void> {
    const { metadataRate, lifeS = Infinity } = this.#oddity;
    if (metadataRate === undefined) return;
    for (let number = 0; number / metadataRate <= lifeS; number++) {
      await this.#until(number / metadataRate);
      if (this.#socket.destroyed) return;
      const stamp = Math.round((number * PICTURE_CLOCK) / metadataRate);
      this.#socket.write(this.#packet(2, METADATA_TYPE, stamp, true, Buffer.from(SCENE)));
    }
  }

  #soundPacket(number: number, unit: Buffer): void {
    if (this.#oddity.sound === "g711")
      return void this.#socket.write(this.#packet(1, 8, number * 160, false, unit));
    const takenUs = this.#takenUs((number * SOUND_UNIT_TICKS) / SOUND_CLOCK);
    this.sounds.push({ bytes: unit, sentUs: nowUs(), takenUs });
    // ffmpeg takes a first stamp of zero for none.
    const { jump, soundJump = jump, soundRate = 1 } = this.#oddity;
    const isBehindJump =
      soundJump !== undefined && (number * SOUND_UNIT_TICKS) / SOUND_CLOCK >= soundJump.atS;
    const jumpedTicks = isBehindJump ? Math.round(soundJump.byS * SOUND_CLOCK) : 0;
    const stamp = SOUND_CLOCK + Math.round(number * SOUND_UNIT_TICKS * soundRate) + jumpedTicks;
    this.#socket.write(this.#packet(1, SOUND_TYPE, stamp, true, soundPayload(unit)));
  }
}

function answer(socket: Socket, url: string, describe: () => string, play: () => void): void {
  let text = "";
  socket.on("data", (bytes) => {
    // Receiver reports begin with a dollar sign and hold no request.
    text = bytes[0] === 0x24 ? "" : text + bytes.toString("latin1");
    for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
      const request = text.slice(0, end);
      text = text.slice(end + 4);
      socket.write(reply(request, url, describe));
      if (request.startsWith("PLAY")) play();
      if (request.startsWith("TEARDOWN")) socket.end();
    }
  });
}

function reply(request: string, url: string, describe: () => string): string {
  const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? "0";
  const head = ["RTSP/1.0 200 OK", `CSeq: ${sequence}`, "Session: 1"];
  if (request.startsWith("DESCRIBE")) {
    const body = describe();
    head.push(`Content-Base: ${url}/`, "Content-Type: application/sdp", `Content-Length: ${body.length}`);
    return [...head, "", body].join("\r\n");
  }
  const channels = /interleaved=(\d+-\d+)/.exec(request)?.[1];
  if (channels !== undefined) {
    const track = 2 * Number(/track=(\d)/.exec(request)?.[1] ?? 0);
    head.push(`Transport: RTP/AVP/TCP;unicast;interleaved=${track}-${track + 1}`);
  }
  return [...head, "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER", "", ""].join("\r\n");
}

function description({ clip, sets, sound, metadataRate }: Oddity, url: string): string {
  const coded = clip.sets.map((set) => set.toString("base64"));
  const names = clip.codec === "h264" ? [] : ["sprop-vps", "sprop-sps", "sprop-pps"];
  const inBand = sets === "band" ? "packetization-mode=1" : null;
  const declared =
    clip.codec === "h264"
      ? `packetization-mode=1;sprop-parameter-sets=${coded.join(",")}`
      : names.map((name, at) => `${name}=${coded[at] ?? ""}`).join(";");
  const lines = [
    ...["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=odd", "c=IN IP4 0.0.0.0", "t=0 0"],
    ...[`m=video 0 RTP/AVP ${PICTURE_TYPE}`, `a=rtpmap:${PICTURE_TYPE} ${clip.codec.toUpperCase()}/90000`],
    ...[`a=fmtp:${PICTURE_TYPE} ${inBand ?? declared}`, `a=control:${url}/track=0`],
  ];
  if (sound === "g711") lines.push("m=audio 0 RTP/AVP 8", "a=rtpmap:8 PCMA/8000", `a=control:${url}/track=1`);
  if (sound === "aac" || sound === "silent") {
    const mode =
      "streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408";
    lines.push(`m=audio 0 RTP/AVP ${SOUND_TYPE}`, `a=rtpmap:${SOUND_TYPE} mpeg4-generic/${SOUND_CLOCK}/1`);
    lines.push(`a=fmtp:${SOUND_TYPE} ${mode}`, `a=control:${url}/track=1`);
  }
  if (metadataRate !== undefined)
    lines.push(
      ...[`m=application 0 RTP/AVP ${METADATA_TYPE}`, `a=rtpmap:${METADATA_TYPE} vnd.onvif.metadata/90000`],
      `a=control:${url}/track=2`,
    );
  return [...lines, ""].join("\r\n");
}

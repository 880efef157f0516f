import { mkdir, rm, writeFile } from "node:fs/promises";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { syncFolder } from "#runtime/files/sync-folder.ts";
import { u32 } from "#media/box-writer.ts";
import type { LeftOut } from "#shared/domain/camera.ts";
import { writeFragmentHeader, writeInitSegment } from "#media/fragment-writer.ts";
import { namedByItsSets } from "#media/parameter-sets.ts";
import type { Track } from "#media/track.ts";
import {
  cameraFolder,
  INIT_FILE,
  footageFilePath,
  sessionFolder,
  sessionName,
} from "../../ground/archive-folder.ts";
import { writeSessionFile } from "../../index/session-indexer.ts";
import { CameraTimeLog, type CameraStamp } from "./camera-time-log.ts";
import { finishLeftFile, OpenFootageFile } from "./open-footage-file.ts";

/** Tracks of a session's files. */
const PICTURE_ID = 1;
const SOUND_ID = 2;

/**
 * A footage file is closed after this long even without a key frame. It is no shorter, because what begins without one
 * can be shown only with what is before it, and an open footage file loses nothing with this process.
 */
const FILE_MAX_US = 300_000_000;

/** Key frames come every so many seconds, and some milliseconds sooner or later. */
const ON_TIME = 0.9;

/** A frame that lasts no longer than this hides no hole. */
const PAUSE_US = 500_000;

/** Packets of sound that wait for a picture; of a picture that stays away for minutes the oldest are given up. */
const SOUND_WAITING_MAX = 8_192;

/** What the first frame is said to last until the second has come, where the camera does not say. */
const FIRST_LENGTH_US = 40_000;

/** A camera's clock that goes on by less between two frames says nothing. */
const LEAST_LENGTH_US = 1_000;

/** A frame is said to last no longer than this until the next one has come. */
const GUESS_MAX_US = 15_000_000;

/** A coded frame or a packet of sound with its instant on the wall clock. */
export interface DatedSample {
  readonly instantUs: number;
  /** When it is decoded; absent where that is when it is shown. Never goes back. */
  readonly decodeUs?: number;
  /** What it is said to last by the camera's own clock. */
  readonly lengthUs?: number;
  /** What it says of the camera's own clock; absent of sound, and where the source is dated by its own stamps. */
  readonly camera?: CameraStamp;
  readonly isSync: boolean;
  /** The camera sent something before it that did not come. */
  readonly isBehindLoss?: boolean;
  readonly bytes: Buffer;
}

export interface FootageWriterOptions {
  readonly dir: string;
  readonly cameraId: string;
  readonly picture: Track;
  readonly sound: Track | null;
  /** The shape that was set for the picture; null: as the camera says. */
  readonly ratio: string | null;
  /** What the source sends beside these and is not recorded. */
  readonly leftOut: readonly LeftOut[];
  /** How long before it is shown a frame may be decoded, read when a session begins. */
  readonly roomUs: () => number;
  /** A footage file ends at the first key frame after this. */
  readonly fileUs: number;
  /** A session ends at the first key frame after this. */
  readonly sessionUs: number;
  /** What the key frame states of the picture's format, null where it states nothing. */
  readonly formatOf: (keyFrame: Buffer) => string | null;
  /** A finished file is on the disk. */
  readonly onFile: (session: string, number: number) => void;
  /** The disk refused; no more is written. Once. */
  readonly onFailure: (error: unknown) => void;
}

/** One folder of footage files with an initialization segment of its own. */
interface Session {
  readonly name: string;
  readonly startUs: number;
  /** When its first frame is decoded, with which media time begins. */
  readonly decodeStartUs: number;
  /** Presentation time of its first frame. */
  readonly baseTicks: number;
  /** Resolves when its first files are there. */
  readonly ready: Promise<void>;
  readonly times: CameraTimeLog;
}

/** A sample with its place in the session's media time, in ticks of its track. */
interface PlacedSample extends DatedSample {
  readonly ticks: number;
  readonly length: number;
  /** Shown after it is decoded by this; only B-frames need it. */
  readonly offset: number;
}

/** The newest frame, whose length the next one tells. */
interface Newest {
  readonly ticks: number;
  readonly decodeUs: number;
  /** What it was said to last, in ticks, and where that stands in the footage file. */
  readonly length: number;
  readonly lengthAt: number;
}

/**
 * Writes the dated frames of one camera into footage files, and begins new sessions and footage files where they are
 * due. Media time is wall time: a session's start and a frame's ticks give its instant, whatever the camera's clock
 * did.
 */
export class FootageWriter {
  readonly #options: FootageWriterOptions;
  #picture: Track;
  #session: Session | null = null;
  #footageFile: { readonly number: number; readonly startUs: number; readonly file: OpenFootageFile } | null =
    null;
  #newest: Newest | null = null;
  #nextNumber = 0;
  #sequence = 0;
  #soundWaiting: DatedSample[] = [];
  /** Length of a packet of sound, for the one whose successor is not known. */
  #soundTicks = 0;
  #isRollDue = false;
  /** How long the frame before the newest one lasted. */
  #usualUs = 0;
  /** A session has ended, on which the next one follows without a hole. */
  #hasEnded = false;
  /** Files that are being closed, in order. */
  #closing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(options: FootageWriterOptions) {
    this.#options = options;
    this.#picture = options.picture;
  }

  /** Lets the next key frame begin a new session, whose start is read anew from the wall clock. */
  rollSoon(): void {
    this.#isRollDue = true;
  }

  /** The next frame is a key frame of another format, with which a new session begins. */
  changePicture(picture: Track): void {
    this.#picture = picture;
    this.rollSoon();
  }

  /** Takes the next frame in decode order. Frames before the first key frame cannot be shown and are left out. */
  frame(frame: DatedSample): void {
    if (this.#hasFailed || (this.#session === null && !frame.isSync)) return;
    const picture = this.#picture;
    const decodeUs = decodeUsOf(frame);
    this.#setLength(decodeUs);
    this.#writeSound(frame.instantUs);
    this.#cutBefore(frame);
    const session = (this.#session ??= this.#begin(frame));
    const ticks = ticksOf(decodeUs - session.decodeStartUs, picture.timescale);
    const length = ticksOf(this.#guessUs(frame), picture.timescale);
    const shownTicks = session.baseTicks + ticksOf(frame.instantUs - session.startUs, picture.timescale);
    const offset = Math.max(0, shownTicks - ticks);
    const at = this.#append(session, PICTURE_ID, { ...frame, ticks, length, offset });
    if (frame.camera !== undefined) this.#noteTime(session, frame.instantUs, frame.camera);
    this.#newest = { ticks, decodeUs, length, lengthAt: at };
  }

  #noteTime(session: Session, instantUs: number, camera: CameraStamp): void {
    if (this.#footageFile !== null) session.times.frame(this.#footageFile.number, instantUs, camera);
  }

  /** How long a frame will last, as far as can be told before the next one has come. */
  #guessUs(frame: DatedSample): number {
    const lastedUs = this.#newest === null ? frame.lengthUs : decodeUsOf(frame) - this.#newest.decodeUs;
    if (lastedUs === undefined || lastedUs < LEAST_LENGTH_US) return FIRST_LENGTH_US;
    return Math.min(lastedUs, GUESS_MAX_US);
  }

  /** Takes the next packet of sound; it waits for the picture that it belongs to. */
  soundPacket(packet: DatedSample): void {
    if (this.#hasFailed) return;
    this.#soundWaiting.push(packet);
    if (this.#soundWaiting.length > SOUND_WAITING_MAX) this.#soundWaiting.shift();
  }

  /** Closes the open footage file; resolves when all that was written is on the disk and told of. */
  async end(): Promise<void> {
    this.#writeSound(Infinity);
    this.#closeFootageFile();
    await this.#closing;
  }

  #cutBefore(frame: DatedSample): void {
    const session = this.#session;
    if (session !== null && frame.isSync) {
      const isOver = frame.instantUs - session.startUs >= this.#options.sessionUs;
      if (isOver || this.#isRollDue) return this.#endSession();
    }
    if (this.#footageFile === null || this.#isBehindPause(frame)) return;
    const ageUs = frame.instantUs - this.#footageFile.startUs;
    if ((frame.isSync && ageUs >= this.#options.fileUs * ON_TIME) || ageUs >= FILE_MAX_US)
      this.#closeFootageFile();
  }

  /** Whether frames are missing behind the newest one, or a camera sends fewer from now on, its next frame will tell. */
  #isBehindPause(frame: DatedSample): boolean {
    const decodeUs = decodeUsOf(frame);
    const lastedUs = decodeUs - (this.#newest?.decodeUs ?? decodeUs);
    const isPause = lastedUs > Math.max(PAUSE_US, 2 * this.#usualUs);
    this.#usualUs = lastedUs;
    return isPause;
  }

  #endSession(): void {
    this.#closeFootageFile();
    this.#session = null;
    this.#newest = null;
    this.#nextNumber = 0;
    this.#isRollDue = false;
    this.#hasEnded = true;
  }

  #begin(first: DatedSample): Session {
    const { dir, cameraId, sound, leftOut, ratio, formatOf, roomUs } = this.#options;
    const picture = this.#picture;
    const startUs = Math.round(first.instantUs);
    const decodeStartUs = decodeUsOf(first);
    const name = makeSessionFolder(dir, cameraId, Math.floor(startUs / 1000));
    const folder = sessionFolder(dir, cameraId, name);
    const tracks = [
      { ...picture, trackId: PICTURE_ID, sampleEntry: namedByItsSets(picture.sampleEntry) },
      ...(sound === null ? [] : [{ ...sound, trackId: SOUND_ID }]),
    ];
    const format = formatOf(first.bytes);
    const baseTicks = Math.max(0, ticksOf(first.instantUs - decodeStartUs + roomUs(), picture.timescale));
    const follows = this.#hasEnded ? { follows: true } : {};
    const start = { startUs, baseTime: baseTicks, ...follows, leftOut: [...leftOut], ratio };
    const write = async (): Promise<void> => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, INIT_FILE), writeInitSegment(tracks), { flush: true });
      writeSessionFile(folder, { ...start, ...(format === null ? {} : { format }) });
      await syncFolder(folder);
      await syncFolder(cameraFolder(dir, cameraId));
    };
    const ready = write();
    return { name, startUs, decodeStartUs, baseTicks, ready, times: new CameraTimeLog(folder, ready) };
  }

  /** @returns where the sample's length stands in the footage file */
  #append(session: Session, trackId: number, sample: PlacedSample): number {
    const footageFile = (this.#footageFile ??= this.#openFootageFile(session, sample.instantUs));
    const { isSync, isBehindLoss = false, bytes, ticks } = sample;
    const described = {
      ...{ offset: 0, sizeBytes: bytes.length, isSync, isBehindLoss },
      ...{ durationTicks: sample.length, compositionOffsetTicks: sample.offset },
    };
    const track = { trackId, baseDecodeTicks: ticks, samples: [described] };
    const header = writeFragmentHeader(++this.#sequence, track);
    const at = footageFile.file.lengthBytes + lengthPlace(header);
    footageFile.file.append(header, bytes);
    return at;
  }

  #openFootageFile(session: Session, startUs: number) {
    const { dir, cameraId } = this.#options;
    const number = this.#nextNumber++;
    const path = footageFilePath(sessionFolder(dir, cameraId, session.name), number);
    return { number, startUs, file: new OpenFootageFile(path, session.ready, (error) => this.#fail(error)) };
  }

  /** The newest frame lasts until the next one. */
  #setLength(nextUs: number): void {
    const picture = this.#picture;
    const [session, newest, footageFile] = [this.#session, this.#newest, this.#footageFile];
    if (session === null || newest === null || footageFile === null) return;
    const length = Math.max(1, ticksOf(nextUs - session.decodeStartUs, picture.timescale) - newest.ticks);
    // A steady camera's frames last as long as was guessed: a write less for each.
    if (length !== newest.length) footageFile.file.patch(newest.lengthAt, u32(length));
  }

  /** Writes the sound that belongs to the picture before an instant. */
  #writeSound(untilUs: number): void {
    const { sound } = this.#options;
    const picture = this.#picture;
    const session = this.#session;
    if (sound === null || this.#soundWaiting.length === 0) return;
    const due = this.#soundWaiting.filter(({ instantUs }) => instantUs < untilUs);
    if (due.length === 0) return;
    this.#soundWaiting = this.#soundWaiting.slice(due.length);
    if (session === null) return;
    const zero = Math.round((session.baseTicks * sound.timescale) / picture.timescale);
    for (const [place, packet] of due.entries()) {
      const ticks = zero + ticksOf(packet.instantUs - session.startUs, sound.timescale);
      const nextUs = (due[place + 1] ?? this.#soundWaiting[0])?.instantUs;
      if (nextUs !== undefined) this.#soundTicks = ticksOf(nextUs - packet.instantUs, sound.timescale);
      // What was heard before the first picture is of no session.
      const length = Math.max(0, this.#soundTicks);
      if (ticks >= 0) this.#append(session, SOUND_ID, { ...packet, ticks, length, offset: 0 });
    }
  }

  #closeFootageFile(): void {
    const [session, footageFile] = [this.#session, this.#footageFile];
    if (session === null || footageFile === null) return;
    this.#footageFile = null;
    const [closed, noted] = [footageFile.file.close(), session.times.close(footageFile.number)];
    this.#closing = this.#closing.then(async () => {
      await noted;
      if ((await closed) || (await saved(footageFile.file.path)))
        this.#options.onFile(session.name, footageFile.number);
      else if (footageFile.number === 0) await this.#removeSession(session);
    });
  }

  /** A full disk would otherwise get an empty folder for every try. */
  async #removeSession({ name }: Session): Promise<void> {
    const { dir, cameraId } = this.#options;
    await rm(sessionFolder(dir, cameraId, name), { recursive: true, force: true }).catch(() => undefined);
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#options.onFailure(error);
  }
}

/** What the disk took before it refused is footage all the same. */
const saved = (path: string): Promise<boolean> => finishLeftFile(path).catch(() => false);

const decodeUsOf = ({ instantUs, decodeUs }: DatedSample): number => decodeUs ?? instantUs;

const ticksOf = (us: number, timescale: number): number => Math.round((us * timescale) / 1e6);

/** Behind the type of `trun`: version and flags, count, data offset; then the first row, which begins with its length. */
const LENGTH_BEHIND_TYPE = 16;

const lengthPlace = (header: Buffer): number => header.indexOf("trun", 0, "latin1") + LENGTH_BEHIND_TYPE;

/** Made at once, so that no other session takes the name. */
function makeSessionFolder(dir: string, cameraId: string, startUtcMs: number): string {
  mkdirSync(cameraFolder(dir, cameraId), { recursive: true });
  for (let nameMs = startUtcMs; ; nameMs++) {
    const name = sessionName(nameMs);
    // Created here and nowhere else: an existing folder means that the name is taken.
    if (mkdirSync(sessionFolder(dir, cameraId, name), { recursive: true }) !== undefined) return name;
  }
}

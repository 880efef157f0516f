/** Live pictures of all tiles come by one answer of the archive: browsers hold no more than six open to a host. */
import {
  LIVE_KIND,
  liveHelloSchema,
  LiveMessageReader,
  liveStartSchema,
  readLiveFrame,
  type LiveMessage,
} from "#shared/archive-api/live-stream.ts";
import type { PlaybackAccess } from "#shared/ipc-contract/camera-contract.ts";
import { FollowedCamera, type CameraListener } from "./followed-camera.ts";

/** The archive says something every two seconds. */
const SILENT_MS = 6_000;
/** Answers that say nothing at all: what stands between passes nothing on before it is complete. */
const MUTE_ANSWERS = 2;
/** A tile that goes is often followed by another at once. */
const LINGER_MS = 5_000;
const CHOOSE_TIMEOUT_MS = 10_000;
/** What cannot be done is tried again after so long, each time in vain later: an archive may have been renewed. */
const REFUSED_MS = [10_000, 20_000, 40_000, 80_000, 160_000, 300_000] as const;
const PAUSES_MS = [250, 500, 1_000, 2_000, 4_000, 5_000] as const;
const LAST_SLOT = 0xffff;

export interface LiveListener extends CameraListener {
  /** The line is broken; it is tried again without end. */
  readonly lost: () => void;
  /** The archive, or what stands between, does not do this. Nothing more comes. */
  readonly refused: () => void;
}

/** How one answer ended. */
type AnswerEnd = "lost" | "refused" | "mute";

interface Timing {
  readonly silentMs: number;
  readonly lingerMs: number;
  readonly pausesMs: readonly number[];
  readonly refusedMs: readonly number[];
}

const TIMING: Timing = {
  ...{ silentMs: SILENT_MS, lingerMs: LINGER_MS, pausesMs: PAUSES_MS, refusedMs: REFUSED_MS },
};

export class LiveConnection {
  readonly #readAccess: () => PlaybackAccess | null;
  readonly #timing: Timing;
  /** By slot. */
  readonly #cameras = new Map<number, FollowedCamera<LiveListener>>();
  #lastSlot = 0;
  /** Ends the loop that keeps an answer open; null while nobody follows. */
  #running: AbortController | null = null;
  /** The open answer: its name for choosing, and how it is given up. */
  #answer: { readonly address: string; readonly giveUp: () => void } | null = null;
  #lingering: ReturnType<typeof setTimeout> | null = null;
  #isChanged = false;
  /** Slots that the archive has been told of. */
  #chosen = "";
  #isChoosing = false;
  #refusal: { readonly baseUrl: string; readonly untilMs: number; readonly times: number } | null = null;

  constructor(readAccess: () => PlaybackAccess | null, timing: Timing = TIMING) {
    this.#readAccess = readAccess;
    this.#timing = timing;
  }

  /** Whether it is known that the archive does not do this. */
  get isRefused(): boolean {
    const refusal = this.#refusal;
    const isKnown = refusal !== null && performance.now() < refusal.untilMs;
    return isKnown && refusal.baseUrl === this.#readAccess()?.baseUrl;
  }

  /**
   * Follows a camera, which is sent once for all who do. Who comes gets what is there before this returns.
   * @returns ends it
   */
  follow(cameraId: string, listener: LiveListener): () => void {
    const camera = this.#cameraOf(cameraId);
    const leave = camera.follow(listener);
    this.#changed();
    return () => {
      leave();
      this.#changed();
    };
  }

  #cameraOf(cameraId: string): FollowedCamera<LiveListener> {
    const known = [...this.#cameras.values()].find((camera) => camera.cameraId === cameraId);
    if (known !== undefined) return known;
    const camera = new FollowedCamera<LiveListener>(cameraId);
    this.#cameras.set(this.#freeSlot(), camera);
    return camera;
  }

  #freeSlot(): number {
    do this.#lastSlot = (this.#lastSlot % LAST_SLOT) + 1;
    while (this.#cameras.has(this.#lastSlot));
    return this.#lastSlot;
  }

  #changed(): void {
    queueMicrotask(() => this.#look());
  }

  /** After a tile has gone and another has come in its place. */
  #look(): void {
    for (const [slot, camera] of this.#cameras) if (!camera.isFollowed) this.#cameras.delete(slot);
    const slots = [...this.#cameras.keys()].join(" ");
    this.#isChanged ||= slots !== this.#chosen;
    void this.#choose();
    const isFollowed = this.#cameras.size > 0;
    if (isFollowed && this.#lingering !== null) clearTimeout(this.#lingering);
    if (isFollowed) this.#lingering = null;
    else if (this.#running !== null)
      this.#lingering ??= setTimeout(() => this.#close(), this.#timing.lingerMs);
    if (isFollowed) this.#running ??= this.#run();
  }

  #close(): void {
    this.#lingering = null;
    this.#running?.abort();
    this.#running = null;
  }

  #run(): AbortController {
    const running = new AbortController();
    void this.#keepOpen(running.signal).finally(() => {
      if (this.#running === running) this.#running = null;
    });
    return running;
  }

  async #keepOpen(signal: AbortSignal): Promise<void> {
    let [failures, mutes] = [0, 0];
    while (!signal.aborted) {
      const access = this.#readAccess();
      const openedMs = performance.now();
      const end = access === null ? "lost" : await this.#readAnswer(access, signal);
      if (signal.aborted) return;
      mutes = end === "mute" ? mutes + 1 : 0;
      if (access !== null && (end === "refused" || mutes >= MUTE_ANSWERS))
        return this.#refuse(access.baseUrl);
      const listeners = this.#all();
      for (const camera of this.#cameras.values()) camera.forget();
      for (const listener of listeners) listener.lost();
      // One that was open for a while is tried again at once.
      failures = performance.now() - openedMs > this.#timing.silentMs ? 0 : failures + 1;
      await pause(this.#timing.pausesMs[Math.min(failures, this.#timing.pausesMs.length - 1)]!, signal);
    }
  }

  #refuse(baseUrl: string): void {
    console.warn("The archive gives no live pictures frame by frame; they are played as they are recorded.");
    const times = this.#refusal?.baseUrl === baseUrl ? this.#refusal.times : 0;
    const pauseMs = this.#timing.refusedMs[Math.min(times, this.#timing.refusedMs.length - 1)]!;
    this.#refusal = { baseUrl, untilMs: performance.now() + pauseMs, times: times + 1 };
    const listeners = this.#all();
    this.#cameras.clear();
    for (const listener of listeners) listener.refused();
  }

  #all(): LiveListener[] {
    return [...this.#cameras.values()].flatMap(({ listeners }) => listeners);
  }

  async #readAnswer({ baseUrl, token }: PlaybackAccess, signal: AbortSignal): Promise<AnswerEnd> {
    const attempt = new AbortController();
    const giveUp = () => attempt.abort();
    let watch = setTimeout(giveUp, this.#timing.silentMs);
    let [isAnswered, hasSpoken] = [false, false];
    try {
      const response = await fetch(`${baseUrl}/live`, {
        headers: { Authorization: `Bearer ${token}` },
        cache: "no-store",
        signal: AbortSignal.any([signal, attempt.signal]),
      });
      if (response.status === 404 || response.status === 405) return "refused";
      if (!response.ok || response.body === null) return "lost";
      isAnswered = true;
      const messages = new LiveMessageReader();
      const reader = response.body.getReader();
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        hasSpoken = true;
        this.#refusal = null;
        clearTimeout(watch);
        watch = setTimeout(giveUp, this.#timing.silentMs);
        for (const message of messages.take(read.value)) this.#deliver(message, baseUrl, giveUp);
      }
      return "lost";
    } catch {
      // Every way in which a line can break ends here; all that follows is told, and it is tried again.
      return isAnswered && !hasSpoken && attempt.signal.aborted ? "mute" : "lost";
    } finally {
      clearTimeout(watch);
      attempt.abort();
      this.#answer = null;
    }
  }

  /** @throws ZodError, SyntaxError where the archive speaks another language */
  #deliver({ slot, kind, content }: LiveMessage, baseUrl: string, giveUp: () => void): void {
    if (kind === LIVE_KIND.hello) {
      const { stream } = liveHelloSchema.parse(jsonOf(content));
      this.#answer = { address: `${baseUrl}/live/${stream}/cameras`, giveUp };
      this.#isChanged = true;
      void this.#choose();
    }
    const camera = this.#cameras.get(slot);
    if (camera === undefined) return;
    if (kind === LIVE_KIND.start) camera.started(liveStartSchema.parse(jsonOf(content)));
    const frame = kind === LIVE_KIND.frame ? readLiveFrame(content) : null;
    if (frame !== null) camera.came(frame);
  }

  /** Tells the archive what is wanted; one request at a time, the newest wish last. */
  async #choose(): Promise<void> {
    const answer = this.#answer;
    if (answer === null || this.#isChoosing || !this.#isChanged) return;
    this.#isChanged = false;
    this.#isChoosing = true;
    const choices = [...this.#cameras].map(([slot, { cameraId }]) => ({ slot, cameraId }));
    this.#chosen = [...this.#cameras.keys()].join(" ");
    const isTold = await this.#put(answer.address, { choices });
    this.#isChoosing = false;
    if (!isTold) answer.giveUp();
    void this.#choose();
  }

  async #put(address: string, body: object): Promise<boolean> {
    const headers = {
      Authorization: `Bearer ${this.#readAccess()?.token ?? ""}`,
      "Content-Type": "application/json",
    };
    const signal = AbortSignal.timeout(CHOOSE_TIMEOUT_MS);
    const asked = fetch(address, { method: "PUT", headers, body: JSON.stringify(body), signal });
    return await asked.then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

const jsonOf = (content: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(content));

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

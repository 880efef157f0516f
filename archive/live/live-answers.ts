import type { LiveChoices } from "#shared/archive-api/live-stream.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import { LiveAnswer } from "./live-answer.ts";
import type { LiveFeeds } from "./live-feeds.ts";

/** Consoles that watch at the same time; each costs a connection and what waits in it. */
export const VIEWERS_MAX = 32;

/** All viewers of live pictures. */
export class LiveAnswers {
  readonly #feeds: LiveFeeds;
  readonly #answers = new Map<string, LiveAnswer>();

  constructor(feeds: LiveFeeds) {
    this.#feeds = feeds;
  }

  /**
   * @param mayGoOn asked from time to time
   * @throws ArchiveFailure TOO_MANY_VIEWERS
   */
  open(mayGoOn: () => boolean): LiveAnswer {
    if (this.#answers.size >= VIEWERS_MAX)
      throw new ArchiveFailure("TOO_MANY_VIEWERS", `${VIEWERS_MAX} consoles watch already.`);
    const onClosed = ({ id }: LiveAnswer): void => void this.#answers.delete(id);
    const answer = new LiveAnswer({ feeds: this.#feeds, mayGoOn, onClosed });
    this.#answers.set(answer.id, answer);
    return answer;
  }

  /** @throws ArchiveFailure UNKNOWN_STREAM where the answer has ended */
  choose(id: string, choices: LiveChoices): void {
    const answer = this.#answers.get(id);
    if (answer === undefined) throw new ArchiveFailure("UNKNOWN_STREAM", "This live answer has ended.");
    answer.choose(choices);
  }

  /** What it costs at the moment. */
  get load(): { readonly viewers: number; readonly cameras: number; readonly keptBytes: number } {
    const cameras = [...this.#answers.values()].reduce((sum, { cameraCount }) => sum + cameraCount, 0);
    return { viewers: this.#answers.size, cameras, keptBytes: this.#feeds.keptBytes };
  }

  /** Ends all answers. */
  close(): void {
    for (const answer of this.#answers.values()) answer.finish();
  }
}

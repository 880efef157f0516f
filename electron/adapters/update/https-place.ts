import type { IncomingMessage } from "node:http";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { actionAtOnce } from "#shared/domain/failure-advice.ts";
import { answersThrough } from "../proxied-fetch.ts";
import type { ProxyFor } from "../proxy/proxy-choice.ts";
import { LineRefusal } from "../trust/line-refusal.ts";
import { withProgressWatch } from "../progress-watch.ts";
import { lineExplained } from "../trust/line-explained.ts";
import {
  DESCRIPTION_TOO_LONG,
  notPublished,
  PlaceUnreachable,
  placeUnreachable,
  whyOf,
} from "./place-failures.ts";
import type { UpdatePlace } from "./update-place.ts";

/** An answer begins within this time. */
const ANSWER_MS = 15_000;

/**
 * An address, through the proxy and by the authorities that everything else goes by. Nothing is sent that tells who asks:
 * neither account nor cookie. Redirects are not followed: whoever enters an address enters the one that is meant.
 */
export class HttpsPlace implements UpdatePlace {
  readonly #base: URL;
  readonly #proxyFor: ProxyFor;
  readonly #answerTo: ReturnType<typeof answersThrough>;

  constructor(base: URL, proxyFor: ProxyFor) {
    this.#base = new URL(base.href.endsWith("/") ? base.href : `${base.href}/`);
    this.#proxyFor = proxyFor;
    this.#answerTo = answersThrough(proxyFor);
  }

  async read(name: string, maxBytes: number, signal: AbortSignal): Promise<Outcome<Buffer>> {
    try {
      const answer = await this.#ask(name, signal);
      if (answer.statusCode === 404 || answer.statusCode === 410) {
        answer.destroy();
        return notPublished(this.#base.href);
      }
      this.#refuse(answer);
      const pieces: Uint8Array[] = [];
      let length = 0;
      for await (const piece of answer as AsyncIterable<Uint8Array>) {
        pieces.push(piece);
        length += piece.length;
        // Leaving the loop destroys the answer.
        if (length > maxBytes) return DESCRIPTION_TOO_LONG;
      }
      return succeeded(Buffer.concat(pieces));
    } catch (error) {
      return await this.#failureOf(error);
    }
  }

  async *open(name: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      const answer = await this.#ask(name, signal);
      this.#refuse(answer);
      for await (const piece of answer as AsyncIterable<Uint8Array>) yield piece;
    } catch (error) {
      throw new PlaceUnreachable(await this.#failureOf(error));
    }
  }

  #ask(name: string, signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(encodeURIComponent(name), this.#base).href;
    return withProgressWatch(signal, ANSWER_MS, (asked) =>
      this.#answerTo(url, { method: "GET", signal: asked }),
    );
  }

  /** @throws Error for an answer that is none */
  #refuse(answer: IncomingMessage): void {
    const { statusCode = 500 } = answer;
    if (statusCode === 200) return;
    answer.destroy();
    const isElsewhere = statusCode >= 300 && statusCode < 400;
    throw new Error(
      isElsewhere ? "it sends the console to another address" : `it answers with status ${statusCode}`,
    );
  }

  async #failureOf(error: unknown) {
    const { href } = this.#base;
    const explained = await lineExplained(error, href, await this.#proxyFor(href));
    if (explained instanceof LineRefusal)
      return failed(explained.code, explained.message, actionAtOnce(explained.code, explained.action));
    return placeUnreachable(href, whyOf(error));
  }
}

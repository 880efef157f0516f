/**
 * Comparing a password is slow on purpose, and so is making the hash of a new one. They have a thread of their own, so that
 * a storm of guesses takes nothing from the threads that read and write files, and a queue that refuses.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import { formatRoughDuration } from "#shared/words/durations.ts";
import { Refusal } from "../http/refusal.ts";
import { type PasswordIssue, SHORTEST_PASSWORD } from "./password-rules.ts";

/** At some 80 ms each the last of them waits two or three seconds. */
const MOST_WAITING = 32;
/** One address leaves room for the others. */
const MOST_WAITING_OF_ONE = 4;
const RETRY_AFTER_S = 3;

const ISSUES: Readonly<Record<PasswordIssue, string>> = {
  PASSWORD_TOO_SHORT: `A password has at least ${SHORTEST_PASSWORD} characters.`,
  PASSWORD_KNOWN: "This password is on the lists that are tried first.",
  PASSWORD_REPEATS: "This password is one short piece again and again, or a row of keys.",
  PASSWORD_NAMES: "This password is hardly more than a name that others know.",
};
const issueSchema = z.enum(Object.keys(ISSUES) as PasswordIssue[]);

const answerSchema = z.union([z.boolean(), z.object({ hash: z.string() }), z.object({ issue: issueSchema })]);
type Answer = z.infer<typeof answerSchema>;
const messageSchema = z.object({ id: z.int(), answer: answerSchema });

const MODULE = join(
  import.meta.dirname,
  import.meta.url.endsWith(".ts") ? "password-worker.ts" : "password-worker.js",
);

interface Waiting {
  readonly address: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: Error) => void;
}

export interface NewPassword {
  readonly password: string;
  /** By which others know the person. */
  readonly names: readonly string[];
}

export class PasswordPool {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;

  /**
   * @param stored the hash; null for a user who is not known: it takes as long, and never matches
   * @param address whose place in the queue it takes
   * @throws Refusal 503 SIGN_IN_BUSY when too many wait
   */
  async matches(password: string, stored: string | null, address: string): Promise<boolean> {
    return (await this.#ask({ ask: "matches", password, stored }, address)) === true;
  }

  /**
   * @returns what is kept of a new password
   * @throws Refusal 400 PASSWORD_TOO_SHORT, PASSWORD_KNOWN, PASSWORD_REPEATS, PASSWORD_NAMES; 503 SIGN_IN_BUSY
   */
  async hashOf({ password, names }: NewPassword, address: string): Promise<string> {
    const answer = await this.#ask({ ask: "make", password, names: [PRODUCT_NAME, ...names] }, address);
    if (typeof answer === "object" && "issue" in answer)
      throw new Refusal(answer.issue, ISSUES[answer.issue]);
    if (typeof answer === "boolean") throw new Error("The thread has answered something else.");
    return answer.hash;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #ask(question: object, address: string): Promise<Answer> {
    const ofAddress = [...this.#waiting.values()].filter((waiting) => waiting.address === address);
    if (this.#waiting.size >= MOST_WAITING || ofAddress.length >= MOST_WAITING_OF_ONE) throw busy();
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { address, resolve, reject });
      this.#ensureWorker().postMessage({ id, ...question });
    });
  }

  #ensureWorker(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(MODULE);
    worker.unref();
    worker.on("message", (message: unknown) => this.#settle(message));
    worker.on("error", (error: Error) => this.#failAll(worker, error));
    worker.on("exit", () =>
      this.#failAll(worker, new Error("The thread that compares passwords has ended.")),
    );
    this.#worker = worker;
    return worker;
  }

  #settle(message: unknown): void {
    const { id, answer } = messageSchema.parse(message);
    this.#waiting.get(id)?.resolve(answer);
    this.#waiting.delete(id);
  }

  #failAll(worker: Worker, reason: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of lost) reject(reason);
  }
}

function busy(): Refusal {
  const detail = `Too many people are signing in at this moment; try again in ${formatRoughDuration(RETRY_AFTER_S * 1_000)}.`;
  return new Refusal("SIGN_IN_BUSY", detail, { retryAfterS: RETRY_AFTER_S });
}

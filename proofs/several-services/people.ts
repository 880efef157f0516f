/** People in the web application, who look at lists and evidence while services come and go. */
import { setTimeout as wait } from "node:timers/promises";
import {
  WEB_CHANGE_HEADER,
  webEvidencePageSchema,
  type WebVerificationRun,
  webVerificationRunSchema,
} from "#shared/web-api/web-api.ts";

const BETWEEN_LOOKS_MS = 500;
/** What a proxy and a service say while something is away. */
const DOCUMENTED: ReadonlySet<number> = new Set([429, 502, 503]);
const TRIES = 60;
const SAY_EVERY_MS = 10_000;
/** Whoever is told nothing for so long was forgotten. */
const LONGEST_ANSWER_MS = 60_000;

export class People {
  readonly answeredMs: number[] = [];
  /** Answers that were none, with a word that they may come again. */
  refused = 0;
  /** Answers that nobody documents. */
  readonly wrong: string[] = [];
  readonly #url: string;
  readonly #count: number;
  readonly #cookie: string;

  private constructor(url: string, count: number, cookie: string) {
    this.#url = url;
    this.#count = count;
    this.#cookie = cookie;
  }

  static async signIn(count: number, url: string): Promise<People> {
    const answer = await fetch(`${url}/web/api/sign-in`, {
      method: "POST",
      headers: { [WEB_CHANGE_HEADER]: "1", "content-type": "application/json" },
      body: JSON.stringify({ username: "investigator", password: "investigator" }),
    });
    if (answer.status !== 200) throw new Error(`Nobody could sign in: ${answer.status}.`);
    return new People(url, count, answer.headers.getSetCookie()[0]?.split(";")[0] ?? "");
  }

  async lookUntil(untilMs: number): Promise<void> {
    const look = async (): Promise<void> => {
      while (performance.now() < untilMs) {
        const list = webEvidencePageSchema.safeParse(await this.#ask("/web/api/evidence?limit=50"));
        const some = list.success ? list.data.evidence.at(Math.floor(Math.random() * 10)) : undefined;
        if (some !== undefined) await this.#ask(`/web/api/evidence/${some.evidenceId}`);
        await wait(BETWEEN_LOOKS_MS);
      }
    };
    await Promise.all(Array.from({ length: this.#count }, look));
  }

  /**
   * As an administrator does it at the end.
   * @param say how far it is, now and then
   * @throws Error when it comes no further for so long
   */
  async verifyEverything(
    forMs: number,
    say: (line: string) => void = () => undefined,
  ): Promise<WebVerificationRun> {
    const path = "/web/api/administration/verification";
    for (let tries = 1; (await this.#ask(path, "POST")) === null; tries += 1) {
      if (tries >= TRIES) throw new Error("Verifying everything could not be started.");
      await wait(BETWEEN_LOOKS_MS);
    }
    let [until, checked, sayAgain] = [performance.now() + forMs, 0, 0];
    for (;;) {
      const answer = webVerificationRunSchema.safeParse(await this.#ask(path));
      const run = answer.success ? answer.data : null;
      if (run !== null && run.endedUtc !== null) return run;
      if (run !== null && run.checked > checked) [until, checked] = [performance.now() + forMs, run.checked];
      if (performance.now() >= sayAgain) {
        say(`waiting until everything is verified: ${checked} files so far`);
        sayAgain = performance.now() + SAY_EVERY_MS;
      }
      if (performance.now() >= until) throw new Error(`Verifying everything stands still at ${checked}.`);
      await wait(BETWEEN_LOOKS_MS);
    }
  }

  /** @returns null where there was no answer that counts */
  async #ask(path: string, method: "GET" | "POST" = "GET"): Promise<unknown> {
    const beganMs = performance.now();
    const headers = { cookie: this.#cookie, [WEB_CHANGE_HEADER]: "1", "content-type": "application/json" };
    const signal = AbortSignal.timeout(LONGEST_ANSWER_MS);
    try {
      const answer = await fetch(this.#url + path, {
        ...{ method, headers, signal, ...(method === "POST" ? { body: "{}" } : {}) },
      });
      const text = await answer.text();
      this.answeredMs.push(performance.now() - beganMs);
      if (answer.status === 200) return JSON.parse(text);
      if (DOCUMENTED.has(answer.status)) this.refused += 1;
      else this.wrong.push(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`);
    } catch {
      if (signal.aborted) this.wrong.push(`${method} ${path}: no answer within a minute`);
      else this.refused += 1; // What stands in front was away, or a service ended in the midst of its answer.
    }
    return null;
  }
}

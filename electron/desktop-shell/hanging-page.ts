import type { EventEmitter } from "node:events";

const LOOK_EVERY_MS = 1_000;
/** So many looks in a row without an answer: no page of ours works that long at a piece. */
const PATIENCE_LOOKS = 30;

/** As Electron's WebContents, as far as it is used. */
export interface WatchedPage extends Pick<EventEmitter, "on"> {
  executeJavaScript(code: string): Promise<unknown>;
  forcefullyCrashRenderer(): void;
  isDestroyed(): boolean;
}

/**
 * Ends the process of a page that does not answer any more; whoever watches for crashes opens it again, with what was
 * in it. Electron's own `unresponsive` comes only after somebody has clicked. Looks are counted, not time: while this
 * process or the machine stood still the page could not answer either.
 */
export function endHangingPage(page: WatchedPage): void {
  let state: "not there" | "answers" | { unansweredLooks: number } = "not there";
  const answers = () => {
    if (state !== "not there") state = "answers";
  };
  page.on("did-finish-load", () => (state = "answers"));
  page.on("render-process-gone", () => (state = "not there"));
  const look = () => {
    if (state === "not there" || page.isDestroyed()) return;
    if (state === "answers") {
      state = { unansweredLooks: 0 };
      // A page that goes while it is asked is told of by its crash.
      page.executeJavaScript("0").then(answers, answers);
      return;
    }
    state.unansweredLooks += 1;
    if (state.unansweredLooks < PATIENCE_LOOKS) return;
    state = "not there";
    console.error("The console's page does not answer any more; its process is ended.");
    page.forcefullyCrashRenderer();
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  page.on("destroyed", () => clearInterval(timer));
}

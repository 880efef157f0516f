import type { EventEmitter } from "node:events";

/** A page that fails again within this time is given a rest: what broke it may be what it shows. */
const REST_MS = 10_000;

interface GonePage {
  readonly reason: string;
}

/**
 * Loads a window's page again when its process is gone: exports go on in this process, and the wizard opens
 * where it was.
 * @param contents emits `render-process-gone` as Electron's WebContents does
 * @param load loads the page anew
 */
export function reopenAfterCrash(
  contents: Pick<EventEmitter, "on">,
  load: () => void,
  nowMs: () => number = () => performance.now(),
): void {
  let openedAtMs = Number.NEGATIVE_INFINITY;
  const reopen = () => {
    openedAtMs = nowMs();
    load();
  };
  contents.on("render-process-gone", (_event: unknown, { reason }: GonePage) => {
    if (reason === "clean-exit") return;
    console.error(`The console's page is gone (${reason}); it is opened again.`);
    const isRepeated = nowMs() - openedAtMs < REST_MS;
    if (isRepeated) setTimeout(reopen, REST_MS).unref();
    else reopen();
  });
}

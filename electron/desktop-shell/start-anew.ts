import { app } from "electron";
import type { StartCommand } from "./start-command.ts";

/**
 * Has this console started again once it has ended. Not with the words of this run, as the runtime would: a connection
 * file that was opened would be opened again, and an AppImage's own program is gone by then.
 */
export function startAnewAfterEnd({ program, words }: StartCommand): void {
  app.relaunch({ execPath: program, args: [...words] });
}

/**
 * `node --import dev/chromium-shell/register.ts out/main/main.js` runs the built main process in plain Node:
 * the module `electron` resolves to the stand-in, everything else stays as it is.
 */
import { registerHooks } from "node:module";
import { isMainThread } from "node:worker_threads";
import { consoleOrigin } from "./custom-protocol.ts";

const standIn = new URL("./electron-module.ts", import.meta.url).href;

// Worker threads inherit `--import`, but have no `electron` in Electron either.
if (isMainThread) {
  process.env["EVIDENCE_DESK_SHELL_ORIGIN"] = consoleOrigin;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "electron" || specifier === "electron/main"
        ? { url: standIn, shortCircuit: true }
        : next(specifier, context),
  });
}

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Script } from "node:vm";
import { createPayloadCodec } from "./payload-codec.ts";
import { runPreload, type PreloadSetup } from "./preload-runtime.ts";

/** One name pair a process: a page cannot guess the globals that connect it with main. */
export const bindingName = `shell${randomUUID().replaceAll("-", "")}`;
export const deliveryName = `shell${randomUUID().replaceAll("-", "")}`;

/** Takes the binding away from pages that have no preload. */
const noPreload = `delete window.${bindingName};`;

/**
 * The text that runs in every document of a window before the document's own scripts.
 *
 * The preload stands inside it as source, never as a string to evaluate: the page's content security
 * policy forbids `eval` and `new Function` in the world it runs in.
 *
 * @param preloadPath the built CommonJS preload, or undefined for a window without one
 */
export function preloadScript(preloadPath: string | undefined): string {
  if (preloadPath === undefined) return noPreload;
  const preload = `(function (exports, require, module, process, setImmediate, clearImmediate) {${readPreload(preloadPath)}\n})`;
  const setup: PreloadSetup = {
    bindingName,
    deliveryName,
    versions: { ...process.versions },
    platform: process.platform,
    arch: process.arch,
  };
  return `(${runPreload.toString()})(${JSON.stringify(setup)}, (${createPayloadCodec.toString()})(), ${preload});`;
}

/** A preload with a syntax error must say so here: inside the page it would vanish without a trace. */
function readPreload(preloadPath: string): string {
  const source = readFileSync(preloadPath, "utf8");
  try {
    new Script(`(function () {${source}\n})`, { filename: preloadPath });
    return source;
  } catch (error) {
    console.error(`Unable to load preload script: ${preloadPath}\n`, error);
    return "";
  }
}

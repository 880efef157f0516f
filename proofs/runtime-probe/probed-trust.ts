/** Of the probe program: chooses whom to trust, as a utility process or as a thread of main. */
import { parentPort as parentThread } from "node:worker_threads";
import { reachedAsChosen } from "./trusting.ts";

const { parentPort } = process as unknown as {
  readonly parentPort?: { postMessage(message: unknown): void };
};

const { PROBE_TLS = "", PROBE_AUTHORITY = "" } = process.env;
const answer = await reachedAsChosen(PROBE_TLS, PROBE_AUTHORITY);
(parentThread ?? parentPort)?.postMessage(answer);
// A utility process stays until it is ended.

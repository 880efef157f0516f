import type { FastifyReply } from "fastify";
import { Refusal } from "./refusal.ts";

const known = new WeakMap<FastifyReply, AbortSignal>();

/** Aborts when whoever asked has left before the answer was given. */
export function clientLeftSignal(reply: FastifyReply): AbortSignal {
  const before = known.get(reply);
  if (before !== undefined) return before;
  const { raw } = reply;
  const left = new AbortController();
  // It may have left while it was looked up who calls.
  if (raw.destroyed) left.abort();
  raw.once("close", () => {
    if (!raw.writableFinished) left.abort();
  });
  known.set(reply, left.signal);
  return left.signal;
}

/** What nobody reads any more: the one who asked has left. */
export function clientLeftRefusal(): Refusal {
  return new Refusal("CLIENT_LEFT", "Nobody waited for the answer any more.");
}

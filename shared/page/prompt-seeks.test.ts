import { EventEmitter } from "node:events";
import { expect, test, vi } from "vitest";
import { promptSeeks } from "./prompt-seeks.ts";

/** A player that has opened a source with one buffer. */
function openPlayer() {
  const [events, buffer, load] = [new EventEmitter(), new EventTarget(), vi.fn()];
  const state = { isSeeking: false };
  const player = {
    on: (name: "loadedmetadata", listener: () => void) => void events.on(name, listener),
    seeking: () => state.isSeeking,
    tech: () => ({ vhs: { playlistController_: { mediaSource: { sourceBuffers: [buffer] }, load } } }),
  };
  promptSeeks(player);
  events.emit("loadedmetadata");
  return { state, load, change: () => buffer.dispatchEvent(new Event("updateend")) };
}

test("what a player was sent to is fetched as soon as its buffer has been emptied", () => {
  const { state, load, change } = openPlayer();
  state.isSeeking = true;
  expect(load).not.toHaveBeenCalled();
  change();
  expect(load).toHaveBeenCalledOnce();
});

test("a player that goes on is left alone", () => {
  const { load, change } = openPlayer();
  change();
  expect(load).not.toHaveBeenCalled();
});

test("a source that is no stream has no buffers to wait for", () => {
  const events = new EventEmitter();
  promptSeeks({
    on: (name, listener) => void events.on(name, listener),
    seeking: () => true,
    tech: () => ({}),
  });
  expect(() => events.emit("loadedmetadata")).not.toThrow();
});

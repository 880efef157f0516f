import { expect, test } from "vitest";
import type { Camera } from "#shared/domain/camera.ts";
import { cameraFeed, type CamerasChange } from "./camera-feed.ts";

const camera = (id: string, change: Partial<Camera> = {}): Camera => ({
  ...{ id, name: id, area: "Yard", state: "recording", connectingSinceUtcMs: null, problem: null },
  ...change,
});

test("of five thousand cameras the one that changed is told, and those that came and left", () => {
  const told: CamerasChange[] = [];
  const take = cameraFeed((change) => told.push(change));
  const many = Array.from({ length: 5_000 }, (_, index) => camera(`camera-${index}`));
  take(many);
  take([...many]);
  expect(told.map(({ changed }) => changed.length)).toEqual([5_000]);
  const away = camera("camera-7", { state: "no-signal" });
  take(many.with(7, away));
  expect(told.at(-1)).toEqual({ changed: [away], removed: [] });
  take([...many.slice(1).with(6, away), camera("new")]);
  expect(told.at(-1)).toEqual({ changed: [camera("new")], removed: ["camera-0"] });
});

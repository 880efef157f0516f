import { describe, expect, it } from "vitest";
import type { Camera } from "#shared/domain/camera.ts";
import { areaRows, parentRow, rowAtStep, rowByLetter } from "./area-tree.ts";

const camera = (name: string, area: string): Camera => ({
  id: name.toLowerCase(),
  name,
  area,
  state: "recording",
  connectingSinceUtcMs: null,
  problem: null,
});
const cameras = [camera("Gate 10", "Outside"), camera("Gate 2", "Outside"), camera("Lobby", "Inside")];
const names = (text: string, closed: string[] = []) =>
  areaRows(cameras, text, new Set(closed)).map(({ name }) => name);

describe("the area view", () => {
  it("sorts areas and cameras by name, numbers by their value", () => {
    expect(names("")).toEqual(["Inside", "Lobby", "Outside", "Gate 2", "Gate 10"]);
  });

  it("finds cameras by every word of name or area, also in closed areas", () => {
    expect(names("out 10", ["Outside"])).toEqual(["Outside", "Gate 10"]);
    expect(names("nowhere")).toEqual([]);
  });

  it("hides the cameras of closed areas", () => {
    expect(names("", ["Outside"])).toEqual(["Inside", "Lobby", "Outside"]);
  });

  it("is walked by keys", () => {
    const rows = areaRows(cameras, "", new Set());
    expect(rowAtStep(rows, 0, -1)).toBe(0);
    expect(rowAtStep(rows, 1, Infinity)).toBe(4);
    expect(parentRow(rows, 4)).toBe(2);
    expect(rowByLetter(rows, 3, "g")).toBe(4);
    expect(rowByLetter(rows, 4, "g")).toBe(3);
  });

  it("lays ten thousand cameras out in a moment", () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      camera(`Camera ${index}`, `Area ${index % 40}`),
    );
    const started = performance.now();
    expect(areaRows(many, "camera 99", new Set()).length).toBeGreaterThan(100);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

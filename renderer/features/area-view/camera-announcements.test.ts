import { describe, expect, it } from "vitest";
import { type Camera, cameraProblem, type CameraProblem } from "#shared/domain/camera.ts";
import { cameraAnnouncements, problemsOf } from "./camera-announcements.ts";

const FULL = cameraProblem({ code: "DISK_FULL", message: "No space left." });

function camera(name: string, problem: CameraProblem | null): Camera {
  const facts = {
    state: "recording",
    connectingSinceUtcMs: null,
  } as const;
  return { id: name.toLowerCase(), name, area: "Gate", problem, ...facts };
}

describe("what is said aloud of cameras", () => {
  const fine = [camera("North", null), camera("South", null)];

  it("is nothing at first, and nothing while nothing changes", () => {
    expect(cameraAnnouncements(null, [camera("North", FULL)])).toEqual([]);
    expect(cameraAnnouncements(problemsOf(fine), fine)).toEqual([]);
  });

  it("is a problem that came, and that it is over", () => {
    const full = [camera("North", FULL), camera("South", null)];
    expect(cameraAnnouncements(problemsOf(fine), full)).toEqual([
      expect.stringMatching(/^North: The archive's disk is full/),
    ]);
    expect(cameraAnnouncements(problemsOf(full), fine)).toEqual([
      "North: The problem with recording is over.",
    ]);
  });

  it("is one sentence for many cameras with the same problem", () => {
    const many = Array.from({ length: 40 }, (_, index) => camera(`Camera ${index}`, null));
    const full = many.map(({ name }) => camera(name, FULL));
    expect(cameraAnnouncements(problemsOf(many), full)).toEqual([
      expect.stringMatching(/^40 cameras: The archive's disk is full/),
    ]);
  });

  it("does not repeat a problem whose words change at each try", () => {
    const away = (message: string) => [camera("North", cameraProblem({ code: "NO_SIGNAL", message }))];
    expect(cameraAnnouncements(problemsOf(away("refused")), away("timed out"))).toEqual([]);
  });
});

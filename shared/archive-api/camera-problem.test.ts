import { expect, test } from "vitest";
import { camerasAnswerSchema } from "./archive-api.ts";

const problemOf = (problem: object) =>
  camerasAnswerSchema.parse({
    cameras: [{ id: "gate", name: "Gate", area: "Yard", state: "no-signal", problem }],
  }).cameras[0]?.problem;

test("a problem that an earlier archive tells without an action has the one of its code", () => {
  expect(problemOf({ code: "DISK_FULL", message: "no space left" })).toMatchObject({
    code: "DISK_FULL",
    message: "no space left",
    action: expect.stringContaining("free up space"),
  });
});

test("what the archive says can be done stays", () => {
  expect(problemOf({ code: "DISK_FULL", message: "no space left", action: "Ask Kim." })?.action).toBe(
    "Ask Kim.",
  );
});

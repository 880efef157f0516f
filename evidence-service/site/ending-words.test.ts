import { expect, test } from "vitest";
import { CommitInDoubt } from "../storage/commit-in-doubt.ts";
import { MetadataUnreachable, MetadataWentBack } from "../storage/metadata-unreachable.ts";
import { endingWords } from "./ending-words.ts";

test("a database that goes away in the midst of a command is told by its code", () => {
  const away = new MetadataUnreachable(new Error("timeout expired"));
  const line =
    "POSTGRES_UNREACHABLE: The database cannot be reached (timeout expired). Check whether the server runs, and takes connections and changes, then give the same command again.";
  expect(endingWords(away, "command")).toBe(line);
  expect(endingWords(new CommitInDoubt(away), "command")).toBe(line);
  expect(endingWords(away, "service")).toMatch(/then start the service again\.$/);
});

test("one that went back is there, and what nobody foresaw says all of itself", () => {
  expect(endingWords(new MetadataWentBack(3), "command")).toContain("it lacks entry 3");
  expect(endingWords(new Error("So it is."), "command")).toContain("ending-words.test.ts");
});

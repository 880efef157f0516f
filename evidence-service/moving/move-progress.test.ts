import { expect, test } from "vitest";
import { MoveProgress } from "./move-progress.ts";

test("what came while the old service ran belongs to the whole: no move has brought more than there is", () => {
  const progress = new MoveProgress(() => undefined);
  progress.expect({ lists: 2, lengthBytes: 2_000_000 });
  progress.add({ lists: 1, lengthBytes: 1_000_000 });
  expect(progress.line).toBe("1 of 2 files, 1.0 MB of 2.0 MB");
  progress.add({ lists: 2, lengthBytes: 2_000_000 });
  expect(progress.line).toBe("3 of 3 files, 3.0 MB of 3.0 MB");
});

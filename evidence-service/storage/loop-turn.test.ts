import { expect, test } from "vitest";
import { openSqliteMetadata } from "./sqlite-metadata.ts";

const STATEMENTS = 4_000;

test("a loop over thousands of statements lets others have their turn", async () => {
  const db = openSqliteMetadata(":memory:");
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const begunMs = performance.now();
  for (let number = 0; number < STATEMENTS; number += 1) {
    await db.selectFrom("setting").select("value").where("name", "=", String(number)).execute();
  }
  const tookMs = performance.now() - begunMs;
  isOver = true;
  await db.destroy();
  // A turn takes 5 ms, and what a busy machine does in the midst of it.
  expect(turns).toBeGreaterThan(tookMs / 100);
});

test("so does one in the midst of a transaction", async () => {
  const db = openSqliteMetadata(":memory:");
  let hasRun = false;
  await db.transaction().execute(async (transaction) => {
    setImmediate(() => (hasRun = true));
    for (let number = 0; number < STATEMENTS && !hasRun; number += 1) {
      await transaction
        .insertInto("setting")
        .values({ name: String(number), value: "" })
        .execute();
    }
  });
  await db.destroy();
  expect(hasRun).toBe(true);
});

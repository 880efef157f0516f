import { expect, test } from "vitest";
import { MetadataUnreachable } from "../storage/metadata-unreachable.ts";
import { DatabaseLook } from "./database-look.ts";

test("a database that says nothing is away soon, and is asked once for all", async () => {
  let asked = 0;
  let answer = Promise.withResolvers<void>();
  const look = new DatabaseLook(() => {
    asked += 1;
    return answer.promise;
  });
  const looks = await Promise.allSettled([look.look(), look.look(), look.look()]);
  for (const one of looks) expect(one).toMatchObject({ reason: expect.any(MetadataUnreachable) });
  expect(asked).toBe(1);
  answer.resolve();
  await answer.promise;
  answer = Promise.withResolvers<void>();
  answer.resolve();
  await look.look();
  expect(asked).toBe(2);
});

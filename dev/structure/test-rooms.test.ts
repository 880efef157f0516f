import { expect, test } from "vitest";
import { productionFile } from "./production-files.ts";
import { testRoomOffences } from "./test-rooms.ts";

const offences = (texts: Readonly<Record<string, string>>): string[] =>
  testRoomOffences(Object.entries(texts).map(([path, text]) => productionFile(path, text)));

test("a room of tests with another name is told, once", () => {
  for (const room of ["test-footage", "tests", "test", "fixtures", "__tests__", "mocks", "archive-doubles"]) {
    const files = { [`app/${room}/a.ts`]: "", [`app/${room}/deeper/b.ts`]: "" };
    expect(offences(files), room).toEqual([`app/${room}: what tests use lies in a room called testing.`]);
  }
  expect(offences({ "app/fake-disk.ts": "" })).toEqual([
    "app/fake-disk.ts: what tests use lies in a room called testing.",
  ]);
  expect(
    offences({ "app/testing/a.ts": "", "app/low/testing/fake-disk.ts": "", "app/protest/a.ts": "" }),
  ).toEqual([]);
});

test("what lies among the code that ships and only tests or proofs reach is told", () => {
  const program = { "app/main.ts": 'import "./low/used.ts";', "app/low/used.ts": "" };
  const only = "app/low/only.ts: nothing that ships reaches it; it belongs into a room called testing.";

  expect(offences({ ...program, "app/low/only.ts": "", "app/a.test.ts": 'import "./low/only.ts";' })).toEqual(
    [only],
  );
  expect(
    offences({ ...program, "app/low/only.ts": "", "proofs/a.ts": 'import "#app/low/only.ts";' }),
  ).toEqual([only]);
  expect(
    offences({
      ...program,
      "app/low/only.ts": 'import "./below.ts";',
      "app/low/below.ts": "",
      "app/testing/a.ts": 'import "../low/only.ts";',
    }),
  ).toHaveLength(2);
  expect(offences(program)).toEqual([]);
});

test("a thread is reached by the name of what is built of it", () => {
  expect(
    offences({
      "app/main.ts": 'new Worker(join(folder, "one-thread.js"));',
      "app/one-thread.ts": 'import "./used.ts";',
      "app/used.ts": "",
      "app/one.test.ts": 'import "./one-thread.ts";',
    }),
  ).toEqual([]);
});

import { join } from "node:path";
import { expect, test } from "vitest";
import { type Operator, PRIVILEGES } from "#shared/domain/operator.ts";
import { FileToImport } from "./file-to-import.ts";

const ADMINISTRATOR: Operator = { username: "ada", displayName: "Ada", privileges: PRIVILEGES };
const SENDER: Operator = { username: "olga", displayName: "Olga", privileges: ["send-to-clearance"] };

function opened(operator: Operator | null) {
  const told: unknown[] = [];
  const loggedOn = { operator };
  const file = new FileToImport(
    () => loggedOn.operator,
    (one) => void told.push(one),
  );
  const logOn = (one: Operator | null) => {
    loggedOn.operator = one;
    file.operatorChanged();
  };
  return { file, told, logOn };
}

test("whoever may import it is told at once, and it waits for the answer", () => {
  const { file, told } = opened(ADMINISTRATOR);
  file.open(join("/", "folder", "city.json"));
  expect(told).toEqual([{ fileName: "city.json", isForOthers: false }]);
  expect(file.waiting).toMatchObject({ fileName: "city.json", path: join("/", "folder", "city.json") });
  file.settle(1);
  expect(file.waiting).toBeNull();
});

test("while nobody is logged on it waits, over a log-off too, for who may import it", () => {
  const { file, told, logOn } = opened(null);
  file.open("/city.json");
  expect(told).toEqual([]);
  logOn(ADMINISTRATOR);
  logOn(null);
  expect(file.waiting).not.toBeNull();
});

test("who may not import it is told so, and nobody is asked about it later", () => {
  for (const before of [null, SENDER]) {
    const { file, told, logOn } = opened(before);
    file.open("/city.json");
    logOn(SENDER);
    expect(told).toEqual([{ fileName: "city.json", isForOthers: true }]);
    logOn(ADMINISTRATOR);
    expect(file.waiting).toBeNull();
    expect(told).toHaveLength(1);
  }
});

test("an answer is about the file that was asked about, not about one that was opened since", () => {
  const { file } = opened(ADMINISTRATOR);
  file.open("/city.json");
  file.open("/county.json");
  file.settle(1);
  expect(file.waiting?.fileName).toBe("county.json");
});

test("what cannot be seen in a name is shown", () => {
  const { file, told } = opened(ADMINISTRATOR);
  file.open("/city\u202Enosj.exe");
  expect(told).toEqual([{ fileName: "city\uFFFDnosj.exe", isForOthers: false }]);
});

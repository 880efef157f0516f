import { expect, test } from "vitest";
import type { Operator, Privilege } from "#shared/domain/operator.ts";
import { WaitingForOperator } from "./waiting-for-operator.ts";

const operator = (...privileges: Privilege[]): Operator => ({
  username: "olga",
  displayName: "Olga",
  privileges,
});
const SENDER = operator("send-to-clearance");

function clicked(loggedOn: Operator | null) {
  const desk = { operator: loggedOn };
  const told: [string, boolean][] = [];
  const waiting = new WaitingForOperator<string>(
    "send-to-clearance",
    () => desk.operator,
    (value, isForOthers) => void told.push([value, isForOthers]),
  );
  const logOn = (one: Operator | null) => {
    desk.operator = one;
    waiting.operatorChanged();
  };
  return { waiting, told, logOn };
}

test("who may see it is told at once and takes it once", () => {
  const { waiting, told } = clicked(SENDER);
  waiting.put("export-1");
  expect(told).toEqual([["export-1", false]]);
  expect([waiting.take(), waiting.take()]).toEqual(["export-1", null]);
});

test("while nobody is logged on it waits for who logs on first, who may see it", () => {
  const { waiting, told, logOn } = clicked(null);
  waiting.put("export-1");
  waiting.put("export-2");
  expect(told).toEqual([]);
  logOn(SENDER);
  expect(told).toEqual([["export-2", false]]);
  expect(waiting.take()).toBe("export-2");
});

test.each([[null], [operator()], [operator("configure")]])(
  "who may not see it ends it, whoever logs on afterwards (%j was there)",
  (before) => {
    const { waiting, told, logOn } = clicked(before);
    waiting.put("export-1");
    logOn(operator("configure"));
    logOn(SENDER);
    expect(told).toEqual([["export-1", true]]);
    expect(waiting.take()).toBeNull();
  },
);

import { afterAll, expect, test } from "vitest";
import { testEngines } from "../testing/engines.ts";
import { Viewings } from "./viewings.ts";
import { ViewingsInPostgres } from "./viewings-in-postgres.ts";

const MINUTE_MS = 60_000;
const VIEWING = { actor: "user:olga", evidenceId: "evidence" };
const engines = await testEngines();
afterAll(async () => {
  for (const each of engines) await each.close();
});
const postgres = engines.find(({ name }) => name === "PostgreSQL");

test("pieces of one viewing are told once, and a viewer who comes back after a quarter of an hour watches anew", async () => {
  let nowMs = 0;
  const viewings = new Viewings(() => nowMs);
  expect(await viewings.goesOn(VIEWING)).toBe(false);
  for (nowMs = MINUTE_MS; nowMs < 60 * MINUTE_MS; nowMs += 14 * MINUTE_MS) {
    expect(await viewings.goesOn(VIEWING)).toBe(true);
  }
  nowMs += 16 * MINUTE_MS;
  expect(await viewings.goesOn(VIEWING)).toBe(false);
});

test.skipIf(postgres === undefined)("wherever its pieces come from, a viewing is told once", async () => {
  const engine = await postgres?.open();
  if (engine?.another === undefined || engine.another === null) throw new Error("It has no others.");
  try {
    let nowMs = 0;
    const shared = [engine.db, await engine.another(), await engine.another()];
    const services = shared.map((db) => new Viewings(() => nowMs, new ViewingsInPostgres(db)));
    const atOnce = await Promise.all(services.map((viewings) => viewings.goesOn(VIEWING)));
    expect(atOnce.filter((isOn) => !isOn)).toHaveLength(1);
    const other = { ...VIEWING, evidenceId: "another" };
    await services[0]?.begin(other);
    for (nowMs = 0; nowMs < 60 * MINUTE_MS; nowMs += 4 * MINUTE_MS) {
      for (const viewings of services) expect(await viewings.goesOn(other)).toBe(true);
    }
  } finally {
    await engine.close();
  }
});

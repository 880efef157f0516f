import { describe, expect, it } from "vitest";
import type { LogOnState } from "#shared/ipc-contract/operator-contract.ts";
import { cacheEvent } from "./events.ts";
import { createQueryClient } from "./query-client.ts";

const loggedOn = (username: string | null): LogOnState => ({
  siteName: "Demo",
  siteTimeZone: "UTC",
  demoOperators: [],
  operator: username === null ? null : { username, displayName: username, privileges: [] },
  runtime: "test",
  endedByErrorUtcMs: null,
});

describe("events of the main process", () => {
  it("become the cached answer of the query that reads the same thing", () => {
    const client = createQueryClient();
    const camera = (id: string, name: string) =>
      ({ id, name, area: "Yard", state: "stopped", connectingSinceUtcMs: null, problem: null }) as const;
    const list = [camera("a", "A"), camera("b", "B"), camera("c", "C")];
    client.setQueryData(["cameras.list", undefined], { ok: true, value: list });
    const changed = [camera("b", "New"), camera("d", "D")];
    cacheEvent(client, { name: "cameras.changed", payload: { changed, removed: ["a"] } });
    const value = [changed[0], list[2], changed[1]];
    expect(client.getQueryData(["cameras.list", undefined])).toEqual({ ok: true, value });
  });

  it("of another operator forget what the earlier one was shown", () => {
    const client = createQueryClient();
    cacheEvent(client, { name: "operator.changed", payload: loggedOn("operator") });
    client.setQueryData(["exports.list", undefined], {
      ok: true,
      value: { revision: 0, toldAtMs: 0, exports: [] },
    });
    cacheEvent(client, { name: "operator.changed", payload: loggedOn("operator") });
    expect(client.getQueryData(["exports.list", undefined])).toBeDefined();
    cacheEvent(client, { name: "operator.changed", payload: loggedOn("viewer") });
    expect(client.getQueryData(["exports.list", undefined])).toBeUndefined();
  });
});

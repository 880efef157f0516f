import { describe, expect, it } from "vitest";
import type { SessionState } from "#shared/ipc-contract/session-contract.ts";
import { cacheEvent } from "./events.ts";
import { createQueryClient } from "./query-client.ts";

const session = (username: string | null): SessionState => ({
  siteName: "Demo",
  siteTimeZone: "UTC",
  demoOperators: [],
  operator: username === null ? null : { username, displayName: username, privileges: [] },
  runtime: "test",
});

describe("events of the main process", () => {
  it("become the cached answer of the query that reads the same thing", () => {
    const client = createQueryClient();
    cacheEvent(client, { name: "cameras.changed", payload: [] });
    expect(client.getQueryData(["cameras.list", undefined])).toEqual({ ok: true, value: [] });
  });

  it("of another operator forget what the earlier one was shown", () => {
    const client = createQueryClient();
    cacheEvent(client, { name: "session.changed", payload: session("operator") });
    client.setQueryData(["exports.list", undefined], { ok: true, value: { revision: 0, exports: [] } });
    cacheEvent(client, { name: "session.changed", payload: session("operator") });
    expect(client.getQueryData(["exports.list", undefined])).toBeDefined();
    cacheEvent(client, { name: "session.changed", payload: session("viewer") });
    expect(client.getQueryData(["exports.list", undefined])).toBeUndefined();
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_FILTER, WHOLE_TRAIL } from "./audit-address.ts";
import { addressOf, parseRoute, type Route } from "./route.ts";

function reread(route: Route): Route {
  const url = new URL(addressOf(route), "https://evidence.example");
  return parseRoute(url.pathname, url.search);
}

// "." and ".." are folded away by every browser, so that no service can hand them out as ids.
const id = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => !/^\.{1,2}$/.test(text));

const text = fc.string({ unit: "grapheme" });

const route: fc.Arbitrary<Route> = fc.oneof(
  fc.constant<Route>({ page: "home" }),
  fc.constantFrom<Route>(
    ...[{ page: "administration" } as const, { page: "groups" } as const, { page: "link" } as const],
    ...[{ page: "refusedSignIns" } as const, { page: "myAccount" } as const],
    { page: "factorRule" },
    { page: "serviceAccounts" },
    { page: "retention" },
  ),
  text.map((typed): Route => ({ page: "people", text: typed })),
  id.map((username): Route => ({ page: "person", username })),
  id.map((groupId): Route => ({ page: "group", groupId })),
  id.map((accountId): Route => ({ page: "serviceAccount", accountId })),
  text.map((typed): Route => ({ page: "caseList", text: typed })),
  id.map((caseId): Route => ({ page: "case", caseId })),
  id.map((evidenceId): Route => ({ page: "evidence", evidenceId })),
  fc.tuple(id, fc.nat(100_000), id).map(([evidenceId, tenths, fileId]): Route => ({
    page: "evidence",
    evidenceId,
    atS: tenths / 10,
    fileId,
  })),
  fc
    .tuple(fc.constantFrom("case", "evidence", "person"), id, text, text, fc.constantFrom("", "true"))
    .map(([kind, of, typed, actor, suspicious]): Route => ({
      page: "audit",
      of: { kind, id: of },
      filter: { ...NO_FILTER, text: typed, actor, suspicious, from: "2026-11-30" },
    })),
  fc.constant<Route>({ page: "audit", of: WHOLE_TRAIL, filter: NO_FILTER }),
  fc
    .tuple(text, fc.boolean())
    .map(([typed, withoutCase]): Route => ({ page: "evidenceList", text: typed, withoutCase })),
);

test("every route is read back from its address", () => {
  fc.assert(
    fc.property(route, (wanted) => {
      expect(reread(wanted)).toEqual(wanted);
    }),
  );
});

test("an address that leads nowhere is unknown", () => {
  for (const path of [
    "/nowhere",
    "/cases/1/2",
    "/administration/1",
    "/link/1",
    "/constructor",
    "/evidence/%E0%A4%A",
  ]) {
    expect(parseRoute(path, "")).toEqual({ page: "unknown" });
  }
});

test("a slash at the end changes nothing", () => {
  expect(parseRoute("/cases/", "")).toEqual({ page: "caseList", text: "" });
});

import { resolve } from "node:path";
import { expect, test } from "vitest";
import { siteTold, tellSite } from "./site-after-update.ts";

test("the version that takes another one's place opens its site; every other start is told of none", () => {
  const environment: NodeJS.ProcessEnv = {};
  expect(siteTold(environment)).toBeNull();
  tellSite(environment, resolve("a site"));
  expect(siteTold(environment)).toBe(resolve("a site"));
  expect(siteTold({ EVIDENCE_DESK_SITE: "relative" })).toBeNull();
});

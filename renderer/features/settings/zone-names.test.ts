import { expect, test } from "vitest";
import { zoneNames } from "./zone-names.ts";

const resolved = (timeZone: string) => new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;

test("zones are found by the names that they have today, and UTC among them", () => {
  expect(zoneNames()).toEqual(
    expect.arrayContaining(["Asia/Kolkata", "Asia/Kathmandu", "Europe/Kyiv", "Europe/London", "UTC"]),
  );
  expect(zoneNames()).not.toContain("Asia/Calcutta");
});

test("each is there once, and is the clock that the browser listed", () => {
  expect(zoneNames(["Asia/Calcutta", "Asia/Kolkata", "UTC"])).toEqual(["Asia/Kolkata", "UTC"]);
  const listed = Intl.supportedValuesOf("timeZone").map(resolved);
  const shown = zoneNames().map(resolved);
  expect(new Set(shown)).toEqual(new Set([...listed, "UTC"]));
});

import { expect, test } from "vitest";
import { isOfConsole } from "./page-origin.ts";

test("an address is of the console when scheme and host are, not when it begins alike", () => {
  const ours = ["app://console", "app://console/", "app://console/assets/index.js", "app://console/#top"];
  const others = [
    ...["app://console.x", "app://console.x/", "app://consolex/", "app://console:1/", "app://console@evil/"],
    ...["app://user@console/", "http://console/", "https://console.localhost/", "app:console", "null", ""],
  ];
  expect(ours.filter(isOfConsole)).toEqual(ours);
  expect(others.filter(isOfConsole)).toEqual([]);
});

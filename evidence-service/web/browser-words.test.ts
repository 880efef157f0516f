import { expect, test } from "vitest";
import { browserInWords } from "./browser-words.ts";

const AS_ALL_DO = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
const ON_A_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";

test.each([
  [`${AS_ALL_DO} Chrome/143.0.0.0 Safari/537.36`, "Chrome 143 on Windows"],
  [`${AS_ALL_DO} Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0`, "Edge 143 on Windows"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0", "Firefox 146 on Linux"],
  [`${ON_A_MAC} Version/19.1 Safari/605.1.15`, "Safari 19 on macOS"],
  ["curl/8.14.1", "Unknown"],
  [undefined, "Unknown"],
])("%s is %s", (header, words) => {
  expect(browserInWords(header)).toBe(words);
});

import { expect, test } from "vitest";
import { productionFile } from "./production-files.ts";
import { needlessSpokenForms, spokenFormOffences } from "./spoken-forms.ts";

const offences = (text: string, path = "app/a.tsx"): string[] =>
  spokenFormOffences([productionFile(path, text)]);

test.each([
  ["an instant", "const said = `It ended at ${new Date(endUtcMs).toISOString()}.`;", "an instant"],
  ["a value in the machine's language", 'const said = count.toLocaleString("en");', "a value"],
  ["a formatter", 'const format = new Intl.NumberFormat("en");', "a value"],
  ["seconds behind a number", "const said = `it lasts ${seconds} s`;", "a length of time"],
  ["days behind a number", "const said = `${days} days left`;", "a length of time"],
  ["minutes added to a number", 'const said = minutes + " min";', "a length of time"],
  ["hours in an element", "const said = <p>{hours} h</p>;", "a length of time"],
  ["megabytes", "const said = `${size.toFixed(1)} MB`;", "a size"],
  ["bytes without their thousands apart", "const said = `It has ${lengthBytes} bytes.`;", "a size"],
  ["a plural", 'const said = `${count} ${count === 1 ? "file" : "files"}`;', "a count"],
  ["the ending of a plural", 'const said = `${count} file${count === 1 ? "" : "s"}`;', "a count"],
  ["a sentence for one", 'const said = count === 1 ? "1 camera" : `${count} cameras`;', "a count"],
])("%s that is written by hand is refused", (_name, text, what) => {
  expect(offences(text)).toEqual([expect.stringContaining(`app/a.tsx:1: ${what}`)]);
  expect(offences(text, "shared/words/a.tsx")).toEqual([]);
});

test("other words behind a number, verbs that agree and style sheets are left alone", () => {
  for (const text of [
    "const said = `${name} says ${count} of ${total}`;",
    "const said = `${rate} s/s and ${place} days-long`;",
    "const style = { animationDuration: `${ms}ms` };",
    "const said = `${formatNumber(lengthBytes)} bytes`;",
    'const verb = count === 1 ? "is" : "are";',
    "const said = <p>{name} has gone</p>;",
  ]) {
    expect(offences(text), text).toEqual([]);
  }
  expect(spokenFormOffences([productionFile("app/a.css", ".a { width: 1px; }")])).toEqual([]);
});

test("who writes for programs is let through by its file, as long as it does", () => {
  const text = "const line = new Date(atUtcMs).toISOString();";
  expect(offences(text, "archive/ground/log.ts")).toEqual([]);
  const needless = (of: string): boolean =>
    needlessSpokenForms([productionFile("archive/ground/log.ts", of)]).some((sentence) =>
      sentence.startsWith("archive/ground/log.ts "),
    );
  expect([needless(text), needless("const line = 1;")]).toEqual([false, true]);
});

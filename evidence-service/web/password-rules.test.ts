import fc from "fast-check";
import { expect, test } from "vitest";
import { isKnownPassword } from "./known-passwords.ts";
import { passwordIssue } from "./password-rules.ts";

const names = ["Evidence Desk", "mara.lind", "Mara Lind", "mara.lind@police.example"];
const issueOf = (password: string) => passwordIssue(password, { names, isKnown: isKnownPassword });

test.each([
  ["short", "PASSWORD_TOO_SHORT"],
  ["elevenchars", "PASSWORD_TOO_SHORT"],
  ["😀😀😀😀😀😀", "PASSWORD_TOO_SHORT"],
  ["1QAZ2wsx3EDC", "PASSWORD_KNOWN"],
  ["Administrator", "PASSWORD_KNOWN"],
  ["Password2026!", "PASSWORD_KNOWN"],
  ["***dragon2026", "PASSWORD_KNOWN"],
  ["ｐａｓｓｗｏｒｄ２０２６", "PASSWORD_KNOWN"],
  ["aaaaaaaaaaaaaaaa", "PASSWORD_REPEATS"],
  ["xy9xy9xy9xy9xy9", "PASSWORD_REPEATS"],
  ["1212121212112", "PASSWORD_REPEATS"],
  ["345678901234567", "PASSWORD_REPEATS"],
  ["zyxwvutsrqponm", "PASSWORD_REPEATS"],
  ["Evidence-Desk-2026", "PASSWORD_NAMES"],
  ["mara.lind.1984", "PASSWORD_NAMES"],
  ["police.example", "PASSWORD_NAMES"],
])("%s is refused: %s", (password, issue) => {
  expect(issueOf(password)).toBe(issue);
});

test.each([
  "four plain words here",
  "twelve chars",
  "nuages gris du matin",
  "雨の日に駅で待つ十二文字以上",
  "mara's brown dog sleeps late",
  "dragon 84 under 17 lamps",
  "x".repeat(3) + "yzab".repeat(40) + "q",
])("%s is taken", (password) => {
  expect(issueOf(password)).toBeNull();
});

test("the same password in another form of Unicode, or in capitals, is judged the same", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 12, maxLength: 40 }), (password) => {
      expect(issueOf(password.normalize("NFD"))).toBe(issueOf(password.normalize("NFC")));
      const small = password.toLowerCase();
      expect(issueOf(small.toUpperCase().toLowerCase())).toBe(issueOf(small.toUpperCase()));
    }),
    { numRuns: 200 },
  );
});

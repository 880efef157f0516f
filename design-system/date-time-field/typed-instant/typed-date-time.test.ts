import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLocalInstant } from "../local-instant.ts";
import { readDateTime } from "./typed-date-time.ts";

const BERLIN = "Europe/Berlin";
/** The day that a time alone is of: 2026-11-28 in Berlin. */
const DAY = Date.UTC(2026, 10, 28, 8);

/** What each text means in Berlin, in UTC; or words of the sentence that refuses it. */
const TABLE: readonly (readonly [text: string, meant: string])[] = [
  // A time alone keeps the day.
  ["9:5", "2026-11-28T08:05:00.000Z"],
  ["09:05", "2026-11-28T08:05:00.000Z"],
  ["0905", "2026-11-28T08:05:00.000Z"],
  ["905", "2026-11-28T08:05:00.000Z"],
  ["9.05", "2026-11-28T08:05:00.000Z"],
  ["9.05 pm", "2026-11-28T20:05:00.000Z"],
  ["9:05pm", "2026-11-28T20:05:00.000Z"],
  ["9 p.m.", "2026-11-28T20:00:00.000Z"],
  ["12:05 am", "2026-11-27T23:05:00.000Z"],
  ["12:05 PM", "2026-11-28T11:05:00.000Z"],
  ["10h40", "2026-11-28T09:40:00.000Z"],
  ["10.40 Uhr", "2026-11-28T09:40:00.000Z"],
  ["10:40:00", "2026-11-28T09:40:00.000Z"],
  ["104000", "2026-11-28T09:40:00.000Z"],
  ["10:40:00,5", "2026-11-28T09:40:00.500Z"],
  ["24:00", "2026-11-28T23:00:00.000Z"],
  ["10:40 UTC", "2026-11-28T10:40:00.000Z"],
  ["10:40+01:00", "2026-11-28T09:40:00.000Z"],
  ["10:40 CET", "2026-11-28T09:40:00.000Z"],
  ["10:40 MEZ", "2026-11-28T09:40:00.000Z"],
  // ISO 8601 and what programs make of it.
  ["2026-11-28 10:40", "2026-11-28T09:40:00.000Z"],
  ["2026-11-28  10:40:00", "2026-11-28T09:40:00.000Z"],
  [" 2026-11-28 10:40:00.250 ", "2026-11-28T09:40:00.250Z"],
  ["2026-11-28 10:40:00.1234", "2026-11-28T09:40:00.123Z"],
  ["2026-11-28T09:05:00Z", "2026-11-28T09:05:00.000Z"],
  ["2026-11-28t09:05z", "2026-11-28T09:05:00.000Z"],
  ["2026-11-28T09:05:00.000+01:00", "2026-11-28T08:05:00.000Z"],
  ["2026-11-28T09:05:00-0500", "2026-11-28T14:05:00.000Z"],
  ["20261128T104000Z", "2026-11-28T10:40:00.000Z"],
  ["2026-11-28 10:40:00.000 UTC−04:00", "2026-11-28T14:40:00.000Z"],
  ["2026-11-28 24:00", "2026-11-28T23:00:00.000Z"],
  ["2026-11-28 0905", "2026-11-28T08:05:00.000Z"],
  ["2026-1-2 3:4", "2026-01-02T02:04:00.000Z"],
  ["2026/11/28 10:40", "2026-11-28T09:40:00.000Z"],
  // The day first, or the month, where only one of them can be.
  ["28.11.2026 10:40", "2026-11-28T09:40:00.000Z"],
  ["28.11.2026, 10:40:00", "2026-11-28T09:40:00.000Z"],
  ["03.04.2026 10:40", "2026-04-03T08:40:00.000Z"],
  ["28/11/2026 10:40", "2026-11-28T09:40:00.000Z"],
  ["11/28/2026 10:40 AM", "2026-11-28T09:40:00.000Z"],
  ["28-11-2026 10:40", "2026-11-28T09:40:00.000Z"],
  ["04/04/2026 10:40", "2026-04-04T08:40:00.000Z"],
  ["10:40 28.11.2026", "2026-11-28T09:40:00.000Z"],
  // From mails, in the languages that people write.
  ["Sat, 28 Nov 2026 10:40:00 +0100", "2026-11-28T09:40:00.000Z"],
  ["Sat, 28 Nov 2026 10:40:00 -0500 (EST)", "2026-11-28T15:40:00.000Z"],
  ["Saturday 28 November 2026 10:40 GMT", "2026-11-28T10:40:00.000Z"],
  ["November 28, 2026 at 10:40 AM", "2026-11-28T09:40:00.000Z"],
  ["Nov 28th 2026, 10:40:05 pm", "2026-11-28T21:40:05.000Z"],
  ["10:40 on 28 November 2026", "2026-11-28T09:40:00.000Z"],
  ["28. November 2026 um 10:40", "2026-11-28T09:40:00.000Z"],
  ["Sa., 28.11.2026 10:40 Uhr", "2026-11-28T09:40:00.000Z"],
  ["3. März 2026 10:40", "2026-03-03T09:40:00.000Z"],
  ["samedi 28 novembre 2026 à 10h40", "2026-11-28T09:40:00.000Z"],
  ["mar. 3 mars 2026 10:40", "2026-03-03T09:40:00.000Z"],
  ["Mar 3, 2026 10:40", "2026-03-03T09:40:00.000Z"],
  ["28 de noviembre de 2026 10:40", "2026-11-28T09:40:00.000Z"],
  // From reports, and whole lines of mails.
  ["1040 hrs", "2026-11-28T09:40:00.000Z"],
  ["1040hrs", "2026-11-28T09:40:00.000Z"],
  ["10:40h", "2026-11-28T09:40:00.000Z"],
  ["10:40 hours", "2026-11-28T09:40:00.000Z"],
  ["28-Nov-2026 10:40:00", "2026-11-28T09:40:00.000Z"],
  ["28/Nov/2026 1040 hrs", "2026-11-28T09:40:00.000Z"],
  ["28.11.2026 10:40 Uhr MEZ", "2026-11-28T09:40:00.000Z"],
  ["Am 28.11.2026 um 10:40 Uhr", "2026-11-28T09:40:00.000Z"],
  ["on 28 Nov 2026 at 10:40", "2026-11-28T09:40:00.000Z"],
  ["> 2026-11-28 10:40", "2026-11-28T09:40:00.000Z"],
  ["> > Date: Sat, 28 Nov 2026 10:40:00 +0100", "2026-11-28T09:40:00.000Z"],
  ["Sent: Saturday, November 28, 2026 10:40 AM", "2026-11-28T09:40:00.000Z"],
  ["Gesendet: Samstag, 28. November 2026 10:40", "2026-11-28T09:40:00.000Z"],
  ["2026-11-28T10:40:00+01:00[Europe/Berlin]", "2026-11-28T09:40:00.000Z"],
  ["2026-11-28T04:40:00-05:00[America/New_York]", "2026-11-28T09:40:00.000Z"],
  ["2026-07-01T10:40:00+02:00[Europe/Berlin]", "2026-07-01T08:40:00.000Z"],
  ["2026-11-28T10:40:00+00:00[UTC]", "2026-11-28T10:40:00.000Z"],
  ["2026-11-28 10:40:00 +0100 (CET)", "2026-11-28T09:40:00.000Z"],
  ["2026-11-28T10:40-05:00", "2026-11-28T15:40:00.000Z"],
  ["2026-11-28 10:40:00-05:00", "2026-11-28T15:40:00.000Z"],
  ["Sat, 28 Nov 2026 10:40:00 -0500", "2026-11-28T15:40:00.000Z"],
  ["2026-11-28 10:40 UTC-5", "2026-11-28T15:40:00.000Z"],
  // Other digits, blanks and marks.
  ["2026-11-28\u00a010:40", "2026-11-28T09:40:00.000Z"],
  ["２０２６-１１-２８ １０:４０", "2026-11-28T09:40:00.000Z"],
  ["٢٠٢٦-١١-٢٨ ١٠:٤٠", "2026-11-28T09:40:00.000Z"],
  ["\u202a2026‑11‑28 10:40\u202c", "2026-11-28T09:40:00.000Z"],
  // Wrapped, with the end of a sentence, and with what reports, tables and names of files write.
  ["10.40.30", "2026-11-28T09:40:30.000Z"],
  ["28.11.2026 10.40.30", "2026-11-28T09:40:30.000Z"],
  ["28.11.2026 10.05.30", "2026-11-28T09:05:30.000Z"],
  ["28.11.2026 10.40.30,25 Uhr", "2026-11-28T09:40:30.250Z"],
  ["9.05.30 pm", "2026-11-28T20:05:30.000Z"],
  ["10:40.", "2026-11-28T09:40:00.000Z"],
  ["10:40,", "2026-11-28T09:40:00.000Z"],
  ["28.11.2026 10:40 Uhr.", "2026-11-28T09:40:00.000Z"],
  ["(10:40)", "2026-11-28T09:40:00.000Z"],
  ["[2026-11-28 10:40]", "2026-11-28T09:40:00.000Z"],
  ["<2026-11-28 10:40>", "2026-11-28T09:40:00.000Z"],
  ["(2026-11-28 10:40:00 +0100 (CET)).", "2026-11-28T09:40:00.000Z"],
  ["„28.11.2026 10:40 Uhr“,", "2026-11-28T09:40:00.000Z"],
  ["'10:40'", "2026-11-28T09:40:00.000Z"],
  ["«28/11/2026 10h40»", "2026-11-28T09:40:00.000Z"],
  ['"28.11.2026";"10:40"', "2026-11-28T09:40:00.000Z"],
  ["28.11.2026 (10:40)", "2026-11-28T09:40:00.000Z"],
  ["10:40 Uhr (28.11.2026)", "2026-11-28T09:40:00.000Z"],
  ["2026-11-28 10:40:00.000 (UTC+01:00)", "2026-11-28T09:40:00.000Z"],
  ["2026-11-28 10:40 [GMT-5]", "2026-11-28T15:40:00.000Z"],
  ["2026-11-28 10:40 (UTC)", "2026-11-28T10:40:00.000Z"],
  ["10:40 (UTC+01:00)", "2026-11-28T09:40:00.000Z"],
  ["at 10:40", "2026-11-28T09:40:00.000Z"],
  ["um 10:40 Uhr", "2026-11-28T09:40:00.000Z"],
  ["à 10h40", "2026-11-28T09:40:00.000Z"],
  ["10 Uhr", "2026-11-28T09:00:00.000Z"],
  ["10 Uhr 5", "2026-11-28T09:05:00.000Z"],
  ["28. November 2026 10 Uhr 40 MEZ", "2026-11-28T09:40:00.000Z"],
  ["10h", "2026-11-28T09:00:00.000Z"],
  ["28.11.2026 | 10:40", "2026-11-28T09:40:00.000Z"],
  ["28.11.2026 @ 10:40", "2026-11-28T09:40:00.000Z"],
  ["2026-11-28_10-40-30", "2026-11-28T09:40:30.000Z"],
  ["20261128_104030", "2026-11-28T09:40:30.000Z"],
  ["20261128104030", "2026-11-28T09:40:30.000Z"],
  ["20261128-104030Z", "2026-11-28T10:40:30.000Z"],
  ["[28/Nov/2026:10:40:30 +0100]", "2026-11-28T09:40:30.000Z"],
  ["2026:11:28 10:40:30", "2026-11-28T09:40:30.000Z"],
  ["Sat Nov 28 10:40:30 2026", "2026-11-28T09:40:30.000Z"],
  ["Sat Nov 28 10:40:30 CET 2026", "2026-11-28T09:40:30.000Z"],
  // Refused in words.
  ["10.05.30", "10.05.30 can be a day or a time. Write 10:05:30, or the whole date."],
  ["31.12.26", "year with four digits"],
  ["28.11.26 10.40.30", "year with four digits"],
  ["(03/04/2026 10:40)", "can mean two days. Write 2026-04-03 or 2026-03-04."],
  ["10.65.30", "There is no time 10.65.30."],
  ["10-40-30", "year with four digits"],
  ["10-11", "Write the year too"],
  ["10:40 MEZ Uhr", "cannot be read"],
  ["2026-11-28 10-11", "cannot be read"],
  ["(10:40) - (10:50)", "cannot be read"],
  ["(10:40", "cannot be read"],
  ["()", "cannot be read"],
  ["2026-11-28 10:40 (11:40)", "cannot be read"],
  ["2026-11-28 10.40.30 (1)", "cannot be read"],
  ["from 10:40", "cannot be read"],
  ["until 10:40", "cannot be read"],
  ["ca. 10:40", "cannot be read"],
  ["gegen 10:40 Uhr", "cannot be read"],
  ["10:40?", "cannot be read"],
  ["1764322800", "cannot be read"],
  ["1764322800000", "cannot be read"],
  ["10:40:", "cannot be read"],
  ["10:40 CET (UTC+02:00)", "cannot be read"],
  ["03/04/2026 10:40", "can mean two days. Write 2026-04-03 or 2026-03-04."],
  ["28.11.26 10:40", "year with four digits"],
  ["28 Nov 10:40", "Write the year too"],
  ["28.11. 10:40", "Write the year too"],
  ["2026-11-28", "Write the time of day too"],
  ["28. November 2026", "Write the time of day too"],
  ["2026-02-30 10:00", "There is no day 2026-02-30."],
  ["11.28.2026 10:40", "There is no day 11.28.2026."],
  ["2026-11-28 25:00", "There is no time 25:00."],
  ["2026-11-28 10:65", "There is no time 10:65."],
  ["24:01", "There is no time 24:01."],
  ["13:00 pm", "hours go from 1 to 12"],
  ["Fri, 28 Nov 2026 10:40", "2026-11-28 is a Saturday, not “Fri”."],
  ["10:40-11:00", "not on UTC−11:00 then"],
  ["2026-11-28 10:40-11:00", "not on UTC−11:00 then"],
  ["2026-11-28 05:40-05:50", "not on UTC−05:50 then"],
  ["28.11.2026 10:40-11", "not on UTC−11:00 then"],
  ["2026-11-28 05:40 -00:10", "not on UTC−00:10 then"],
  ["2026-11-28T10:40:00+01:00[America/New_York]", "The clock of America/New_York is not on UTC+01:00 then."],
  ["2026-07-01T10:40:00+01:00[Europe/Berlin]", "The clock of Europe/Berlin is not on UTC+01:00 then."],
  ["2026-11-28T10:40:00+01:00[Europe/Nowhere]", "“Europe/Nowhere” is not a time zone."],
  ["2026-11-28T10:40:00+01:00[UTC]", "The clock of UTC is not on UTC+01:00 then."],
  ["2026-11-28 10:40:00 +0200 (CET)", "The clock of CET is not on UTC+02:00 then."],
  ["2026-11-28 10:40:00 +0100 (CEST)", "The clock of CEST is not on UTC+01:00 then."],
  ["2026-11-28 10:40:00 +0100 (GMT)", "The clock of GMT is not on UTC+01:00 then."],
  ["10:40 EST", "“EST” is not a name of the clock of Europe/Berlin"],
  ["2026-07-01 10:40 CET", "not a name of the clock"],
  ["10:40 first", "10:40 exists only once on 2026-11-28."],
  ["2026-03-29 02:30", "does not exist in Europe/Berlin: the clock goes forward from 02:00 to 03:00."],
  ["2026-11", "cannot be read"],
  ["2026-05", "cannot be read"],
  ["9", "cannot be read"],
  ["yesterday", "cannot be read"],
  ["Sent: Anna", "cannot be read"],
  ["28-Nov/2026 10:40", "cannot be read"],
  ["2026-11-28 10:40 or 11:40", "cannot be read"],
  ["10:40 - 11:40", "cannot be read"],
  ["garbage 2026-11-28 10:40", "cannot be read"],
  ["1969-12-31 10:00", "from 1970 on"],
  ["x".repeat(100_000), "cannot be read"],
];

function meaning(text: string): string {
  const read = readLocalInstant(text, { zone: BERLIN, role: "moment", dayOfUtcMs: DAY });
  if (read.kind === "instant") return new Date(read.utcMs).toISOString();
  return read.kind === "refused" ? read.message : read.kind;
}

describe("a typed date and time", () => {
  it.each(TABLE)("%s", (text, meant) => {
    expect(meaning(text)).toContain(meant);
  });

  it.each([
    ["IST", "Asia/Kolkata", "2026-11-28T05:10:00.000Z"],
    ["SAST", "Africa/Johannesburg", "2026-11-28T08:40:00.000Z"],
    ["AEDT", "Australia/Sydney", "2026-11-27T23:40:00.000Z"],
  ])("with %s, as the clock of %s is called there", (name, zone, meant) => {
    const read = readLocalInstant(`2026-11-28 10:40 ${name}`, { zone, role: "moment", dayOfUtcMs: null });
    expect(read).toMatchObject({ kind: "instant", utcMs: Date.parse(meant) });
  });

  it("that is a time alone asks for the date where there is none before it", () => {
    const read = readLocalInstant("10:40", { zone: BERLIN, role: "moment", dayOfUtcMs: null });
    expect(read).toEqual({ kind: "refused", message: "Write the date too." });
    expect(readLocalInstant(" \t", { zone: BERLIN, role: "moment", dayOfUtcMs: DAY })).toEqual({
      kind: "empty",
    });
  });

  it("is read or refused, and never throws, whatever it is made of", () => {
    const scraps = fc.constantFrom(
      ...[
        "28",
        "2026",
        "11",
        "9",
        "5",
        "0905",
        ":",
        ".",
        "/",
        "-",
        "T",
        "Z",
        "+01:00",
        " ",
        ",",
        "pm",
        "Nov",
      ],
      ...["(", ")", "[", "]", "'", "_", "uhr", "h", "at ", ";"],
      ...["first", "EDT", "UTC", "24:00", "−", "٤", "mar.", "Sat", "um", "99999999", "(", ")", "\u202e"],
    );
    const texts = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(scraps, { maxLength: 14 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = readDateTime(text);
        if (read.kind === "refused") expect(read.message).toMatch(/\.$/u);
        expect(["instant", "repeated", "refused", "empty"]).toContain(
          readLocalInstant(text, { zone: BERLIN, role: "end", dayOfUtcMs: DAY }).kind,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives an answer at once, also to a text made to keep it busy", () => {
    const nasty = [
      "1:".repeat(90),
      "a ".repeat(99),
      "1 ".repeat(99),
      "28 Nov ".repeat(28),
      `${"9".repeat(190)} pm`,
    ];
    for (const text of nasty) expect(readDateTime(text).kind).toBe("refused");
  });
});

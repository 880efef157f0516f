import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import {
  choosePass,
  entryComplaint,
  settleEntered,
  shownOffset,
  shownText,
  typeText,
  type EnteredInstant,
  type EntryPlace,
} from "./entered-instant.ts";
import { formatOffset } from "#shared/words/instants.ts";
import { readLocalInstant } from "./local-instant.ts";
import { readingOffset, readingText, type InstantRole } from "#shared/words/zone-clock.ts";

const EMPTY: EnteredInstant = { utcMs: null, typed: null };
const start = (zone: string): EntryPlace => ({ zone, role: "moment", dayOfUtcMs: null });
const end = (zone: string): EntryPlace => ({ zone, role: "end", dayOfUtcMs: null });

/** Where the clock was put back, and by how many minutes. */
const PUT_BACK = {
  "America/Toronto": {
    change: Date.UTC(2026, 10, 1, 6),
    minutes: 60,
    text: "2026-11-01 01:50",
    last: "2026-11-01 02:00",
  },
  "Europe/London": {
    change: Date.UTC(2026, 9, 25, 1),
    minutes: 60,
    text: "2026-10-25 01:50",
    last: "2026-10-25 02:00",
  },
  "Australia/Lord_Howe": {
    change: Date.UTC(2026, 3, 4, 15),
    minutes: 30,
    text: "2026-04-05 01:50",
    last: "2026-04-05 02:00",
  },
} as const;

describe.each(Object.entries(PUT_BACK))(
  "the repeated time in %s",
  (zone, { change, minutes, text, last }) => {
    const lengthMs = minutes * 60_000;
    const first = change - 10 * 60_000;
    const second = first + lengthMs;

    it("means nothing until it is settled which one is meant", () => {
      const typed = typeText(EMPTY, text, start(zone));
      expect(typed.utcMs).toBeNull();
      expect(entryComplaint(typed, start(zone))).toBe(
        `01:50 exists twice on ${text.slice(0, 10)}: first (${formatOffset(first, zone)}) or second (${formatOffset(second, zone)}).`,
      );
      expect(settleEntered(typed, start(zone))).toEqual(typed);
      expect(choosePass(typed, "first", start(zone)).utcMs).toBe(first);
    });

    it("stays what was chosen while the text is edited, character by character and all at once", () => {
      const place = start(zone);
      const chosen = choosePass(typeText(EMPTY, text, place), "second", place);
      expect([chosen.utcMs, shownOffset(chosen, place)]).toEqual([second, formatOffset(second, zone)]);
      let edited = chosen;
      for (const half of ["", "2", text.slice(0, 13), `${text.slice(0, 14)}51`])
        edited = typeText(edited, half, place);
      expect(edited.utcMs).toBe(second + 60_000);
      expect(settleEntered(edited, place)).toEqual({ utcMs: second + 60_000, typed: null });
      expect(typeText(settleEntered(edited, place), "01:52:30", place).utcMs).toBe(second + 150_000);
    });

    it("is asked about again after another time of the day was entered", () => {
      const place = start(zone);
      const chosen = choosePass(typeText(EMPTY, text, place), "second", place);
      const moved = settleEntered(typeText(chosen, `${text.slice(0, 10)} 12:00`, place), place);
      expect(typeText(moved, text, place).utcMs).toBeNull();
    });

    it("is what it was where it came from the timeline", () => {
      const shown = { utcMs: second, typed: null };
      expect(typeText(shown, `${text}:30`, start(zone)).utcMs).toBe(second + 30_000);
    });

    it("can be told by words and offsets", () => {
      const of = (typed: string, place = start(zone)) => typeText(EMPTY, typed, place).utcMs;
      expect([of(`${text} first`), of(`${text} (second)`), of(`${text} of the second pass`)]).toEqual([
        first,
        second,
        second,
      ]);
      for (const [at, name] of [
        [first, "first"],
        [second, "second"],
      ] as const) {
        expect([name, of(`${text} ${formatOffset(at, zone)}`)]).toEqual([name, at]);
        expect([name, of(`${text}${formatOffset(at, zone).slice(3) || "Z"}`)]).toEqual([name, at]);
      }
    });

    it("ends its first pass, and its second, at the same reading of the clock", () => {
      const place = end(zone);
      const asked = typeText(EMPTY, last, place);
      expect(asked.utcMs).toBeNull();
      expect(entryComplaint(asked, place)).toContain(
        `${last.slice(11)} ends both passes of the repeated time`,
      );
      const chosen = choosePass(asked, "first", place);
      expect(chosen).toEqual({ utcMs: change, typed: null });
      expect([shownText(chosen, place), shownOffset(chosen, place)]).toEqual([
        `${last}:00.000`,
        formatOffset(change - 1, zone),
      ]);
      expect(choosePass(asked, "second", place).utcMs).toBe(change + lengthMs);
      expect(typeText(EMPTY, last, start(zone)).utcMs).toBe(change + lengthMs);
    });

    it("says the end of the first pass as the beginning of the second too, and keeps it so", () => {
      const place = end(zone);
      const begins = readingText(change, zone, "moment");
      const chosen = choosePass(typeText(EMPTY, begins, place), "second", place);
      expect([chosen.utcMs, shownText(chosen, place)]).toEqual([change, begins]);
      expect(shownOffset(chosen, place)).toBe(formatOffset(change, zone));
      const later = typeText(chosen, begins.replace(/0:00\.000$/u, "5:00"), place);
      expect(later.utcMs).toBe(change + 5 * 60_000);
    });
  },
);

it("names of the zone's own clock tell the pass", () => {
  const place = end("America/Toronto");
  const of = (text: string) => typeText(EMPTY, text, place).utcMs;
  expect(of("2026-11-01 01:50 EDT")).toBe(Date.UTC(2026, 10, 1, 5, 50));
  expect(of("2026-11-01 01:50 est")).toBe(Date.UTC(2026, 10, 1, 6, 50));
  expect(of("2026-11-01 02:00 EDT")).toBe(Date.UTC(2026, 10, 1, 6));
  expect(typeText(EMPTY, "2026-10-25 01:50 BST", start("Europe/London")).utcMs).toBe(
    Date.UTC(2026, 9, 25, 0, 50),
  );
  expect(entryComplaint(typeText(EMPTY, "2026-07-01 10:00 EST", place), place)).toContain(
    "“EST” is not a name",
  );
});

it("a text that cannot be read stays as it was typed, with the sentence", () => {
  const place = start("Asia/Tokyo");
  const typed = typeText({ utcMs: Date.UTC(2026, 10, 28), typed: null }, "half past ten", place);
  expect(settleEntered(typed, place)).toEqual(typed);
  expect([shownText(typed, place), entryComplaint(typed, place)]).toEqual([
    "half past ten",
    "This cannot be read as a date and time. Write it as YYYY-MM-DD HH:MM:SS.mmm.",
  ]);
  expect(settleEntered(typeText(typed, "10:30", place), place)).toEqual({
    utcMs: Date.UTC(2026, 10, 28, 1, 30),
    typed: null,
  });
});

/** The next change of a zone's clock, or the instant itself where there is none any more. */
function besideChange(utcMs: number, zone: string): number {
  const at = Temporal.Instant.fromEpochMilliseconds(utcMs).toZonedDateTimeISO(zone);
  return at.getTimeZoneTransition("next")?.epochMilliseconds ?? utcMs;
}

const iso = (utcMs: number) => new Date(utcMs).toISOString();
const local = (utcMs: number, zone: string) => readingText(utcMs, zone, "moment");
/** How an instant is written by somebody who reads the clock of a zone, or of UTC. */
const NOTATIONS: readonly ((utcMs: number, zone: string) => string)[] = [
  (utcMs) => iso(utcMs),
  (utcMs) => iso(utcMs).slice(11, 16) + "Z",
  (utcMs) => `${iso(utcMs).slice(11, 19)} UTC`,
  (utcMs, zone) => local(utcMs, zone),
  (utcMs, zone) => local(utcMs, zone).slice(11, 16),
  (utcMs, zone) => `(${local(utcMs, zone).slice(11, 19).replaceAll(":", ".")})`,
  (utcMs, zone) => local(utcMs, zone).slice(11, 16).replace(":", ""),
  (utcMs, zone) => `${local(utcMs, zone).slice(11, 13)} Uhr ${local(utcMs, zone).slice(14, 16)}.`,
  (utcMs, zone) => `${local(utcMs, zone)} (${readingOffset(utcMs, zone, "moment")})`,
  (utcMs, zone) => `${local(utcMs, zone).slice(11, 16)} (${readingOffset(utcMs, zone, "moment")})`,
  (utcMs, zone) =>
    `"${local(utcMs, zone).slice(0, 10).split("-").reverse().join(".")}", "${local(utcMs, zone).slice(11, 16)}"`,
  (utcMs, zone) => `${local(utcMs, zone).slice(0, 10)} 24:00`,
  () => "24:00",
  () => "00:00",
  () => "12:30 UTC+14",
  () => "12:30 UTC-11:00",
];

describe("instant, text and instant again", () => {
  const zones = [
    "America/Toronto",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Tokyo",
    "Europe/Berlin",
    "Asia/Kathmandu",
  ];
  const changes = [
    ...Object.values(PUT_BACK).map(({ change }) => change),
    ...[Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 3, 15, 30)],
  ];
  const instants = fc.oneof(
    fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) }),
    fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -3 * 3_600_000, max: 3 * 3_600_000 }))
      .map(([change, awayMs]) => change + awayMs),
    fc
      .tuple(
        fc.constantFrom(...changes),
        fc.constantFrom(-3_600_000, -1_800_000, -1, 0, 1, 1_800_000, 3_600_000),
      )
      .map(([change, awayMs]) => change + awayMs),
  );
  const roles = fc.constantFrom<InstantRole>("moment", "end");

  it("are the same, in every zone, with the offset beside it; without it, the instant is one of those asked about", () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), roles, (utcMs, zone, role) => {
        const text = readingText(utcMs, zone, role);
        const place = { zone, role, dayOfUtcMs: null };
        const withOffset = readLocalInstant(`${text} ${readingOffset(utcMs, zone, role)}`, place);
        expect(withOffset).toMatchObject({ kind: "instant", utcMs });
        const read = readLocalInstant(text, place);
        if (read.kind === "repeated") expect(read.choices.map((choice) => choice.utcMs)).toContain(utcMs);
        else expect(read).toMatchObject({ kind: "instant", utcMs });
      }),
      { numRuns: 1_500 },
    );
  });

  it("end where the clock goes forward, typed with their offset, are shown as they can be read again", () => {
    const place = { zone: "Europe/London", role: "end", dayOfUtcMs: null } as const;
    const entered = typeText({ utcMs: null, typed: null }, "2026-03-29T01:00:00.000Z", place);
    const settled = settleEntered(entered, place);
    expect(settled).toEqual({ utcMs: Date.UTC(2026, 2, 29, 1), typed: null });
    expect(typeText(settled, shownText(settled, place), place).utcMs).toBe(settled.utcMs);
  });

  it("are the same for every notation in every zone, however often a text is typed and left", () => {
    const everyZone = Intl.supportedValuesOf("timeZone");
    const zoned = fc
      .record({
        zone: fc.constantFrom(...everyZone),
        utcMs: fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) }),
        besideMs: fc.option(fc.integer({ min: -2 * 3_600_000, max: 2 * 3_600_000 })),
      })
      .map(({ zone, utcMs, besideMs }) => ({
        zone,
        utcMs: besideMs === null ? utcMs : besideChange(utcMs, zone) + besideMs,
      }));
    const notations = fc.constantFrom(...NOTATIONS);
    fc.assert(
      fc.property(
        zoned,
        fc.integer({ min: -90_000_000, max: 90_000_000 }),
        roles,
        notations,
        fc.constantFrom("first" as const, "second" as const),
        (at, awayMs, role, notation, pass) => {
          const place = { zone: at.zone, role, dayOfUtcMs: null };
          const text = notation(at.utcMs + awayMs, at.zone);
          const typedOnce = typeText({ utcMs: at.utcMs, typed: null }, text, place);
          const chosen = typedOnce.utcMs === null ? choosePass(typedOnce, pass, place) : typedOnce;
          const once = settleEntered(settleEntered(chosen, place), place);
          if (once.utcMs === null) {
            expect(entryComplaint(once, place)).toMatch(/\.$/u);
            return;
          }
          let again = once;
          for (const typed of [text, shownText(once, place), text]) {
            again = settleEntered(typeText(again, typed, place), place);
            expect([typed, again.utcMs]).toEqual([typed, once.utcMs]);
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  it("are not of another day because a text is typed again: the end of the day, and another place's clock", () => {
    const place = end("America/Toronto");
    const evening = { utcMs: Date.UTC(2026, 10, 29, 0), typed: null };
    for (const [text, meant] of [
      ["24:00", Date.UTC(2026, 10, 29, 5)],
      ["24:00:00.000", Date.UTC(2026, 10, 29, 5)],
    ] as const) {
      let entered: EnteredInstant = evening;
      for (let times = 0; times < 3; times += 1)
        entered = settleEntered(typeText(entered, text, place), place);
      expect([text, entered]).toEqual([text, { utcMs: meant, typed: null }]);
      expect(typeText(entered, "10:40", place).utcMs).toBe(Date.UTC(2026, 10, 29, 15, 40));
    }
    const earlier = typeText({ utcMs: Date.UTC(2026, 10, 28, 23), typed: null }, "03:00 UTC", place);
    expect(settleEntered(earlier, place).utcMs).toBe(Date.UTC(2026, 10, 28, 3));
    expect(typeText(settleEntered(earlier, place), "03:00Z", place).utcMs).toBe(Date.UTC(2026, 10, 28, 3));
    expect(entryComplaint(typeText(evening, "01:30Z", place), place)).toBe(
      "This time can be of 2026-11-28 or of 2026-11-29. Write the date too.",
    );
  });

  it("are the same for every text that is understood, after it is shown in full", () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), roles, fc.nat(3), (utcMs, zone, role, form) => {
        const iso = new Date(utcMs).toISOString();
        const text = [
          iso,
          iso.slice(0, 16).replace("T", "  "),
          iso.slice(11, 19),
          `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)} ${iso.slice(11, 16)}`,
        ][form]!;
        const place = { zone, role, dayOfUtcMs: null };
        let entered = typeText({ utcMs, typed: null }, text, place);
        if (entered.utcMs === null) entered = choosePass(entered, form % 2 === 0 ? "second" : "first", place);
        const settled = settleEntered(entered, place);
        expect(settled.utcMs).toBe(entered.utcMs);
        if (settled.utcMs === null) {
          expect(entryComplaint(settled, place)).toMatch(/\.$/u);
          return;
        }
        const again = typeText(settled, shownText(settled, place), place);
        expect(again.utcMs).toBe(settled.utcMs);
        expect(settleEntered(again, place)).toEqual(settled);
      }),
      { numRuns: 1_500 },
    );
  });
});

describe("a time alone beside midnight, where nothing of the future is asked for", () => {
  const zone = "Asia/Dubai";
  const at = (text: string): number =>
    Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;

  /** @returns what the field says when it is left, or why it refuses */
  function typedInto(shown: string, now: string, text: string): string | null {
    const place: EntryPlace = { ...start(zone), latestUtcMs: at(now) };
    const entered = typeText({ utcMs: at(shown), typed: null }, text, place);
    return entered.utcMs === null
      ? entryComplaint(entered, place)
      : shownText(settleEntered(entered, place), place);
  }

  it.each([
    ["2026-11-30T00:41", "23:50", "2026-11-29 23:50:00.000"],
    ["2026-11-30T00:41", "22:10 second", null],
    ["2026-11-30T00:41", "24:00", "2026-11-30 00:00:00.000"],
    ["2026-11-30T06:00", "22:00", "2026-11-29 22:00:00.000"],
    ["2026-11-30T00:41", "00:40", "2026-11-30 00:40:00.000"],
    // A slip of the finger, and no time of yesterday.
    ["2026-11-30T23:40", "23:50", "2026-11-30 23:50:00.000"],
    ["2026-11-30T13:00", "22:00", "2026-11-30 22:00:00.000"],
  ])("at %s, %s that has not come today is the one that was a while ago", (now, text, meant) => {
    expect(typedInto(now, now, text)).toEqual(meant ?? expect.stringContaining("exists only once"));
  });

  const OF_TWO = "This time can be of 2026-11-29 or of 2026-11-30. Write the date too.";

  it.each([
    ["2026-11-29T23:58", "00:02", OF_TWO],
    ["2026-11-30T00:02", "23:58", OF_TWO],
    ["2026-11-29T23:58", "23:57", "2026-11-29 23:57:00.000"],
    ["2026-11-29T08:00", "21:00", "2026-11-29 21:00:00.000"],
    ["2026-11-29T12:00", "00:02", "2026-11-29 00:02:00.000"],
    ["2026-11-29T23:58", "2026-11-29 00:02", "2026-11-29 00:02:00.000"],
  ])(
    "days later, beside %s, %s is asked about where the other side of midnight is near",
    (shown, text, meant) => {
      expect(typedInto(shown, "2026-12-02T10:00", text)).toBe(meant);
    },
  );

  it("what is understood typed again is the same instant, and who may ask for the future is asked nothing", () => {
    const now = "2026-11-30T00:41";
    expect(typedInto("2026-11-29T23:50", now, "23:50")).toBe("2026-11-29 23:50:00.000");
    const anyTime = typeText({ utcMs: at(now), typed: null }, "23:50", start(zone));
    expect(anyTime.utcMs).toBe(at("2026-11-30T23:50"));
  });
});

import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { typeText, type EnteredInstant } from "#design-system/date-time-field/entered-instant.ts";

const stored = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => stored.set(key, value),
  removeItem: (key: string) => stored.delete(key),
});
const { DRAFT_STORAGE_KEY, parseStoredDraft, useDraftStore } = await import("./draft-store.ts");

/** Whatever a keyboard or the clipboard gives, halves of characters included; also more than any request takes. */
const text = fc
  .tuple(fc.string({ unit: "binary" }), fc.oneof(fc.constant(0), fc.nat(10_000)))
  .map(([typed, more]) => typed + "x".repeat(more));
const customFields = fc.oneof(
  fc.array(fc.record({ name: text, value: text }), { maxLength: 5 }),
  fc.nat(300).map((count) => Array.from({ length: count }, (_, index) => ({ name: `${index}`, value: "" }))),
);
const place = { zone: "Europe/Vienna", role: "moment", dayOfUtcMs: null } as const;
const NOTHING: EnteredInstant = { utcMs: null, typed: null };
const entered = fc
  .oneof(text, fc.constantFrom("2026-10-25 02:10", "2026-10-25 02:10 +01:00", "9999-12-31 23:59"))
  .map((typed) => typeText(NOTHING, typed, place));

const row = fc.record({ name: text, description: text, start: entered, end: entered });
const newCase = fc.record({
  name: text,
  departmentId: text,
  categoryId: fc.option(text),
  recordNumber: text,
  incidentNumber: text,
  description: text,
  location: text,
  tagsText: text,
  customFields,
});
const view = fc.record({
  caseSearch: text,
  adding: fc.option(fc.record({ text, pickedIds: fc.array(text, { maxLength: 5 }) })),
});

it("whatever text a field of the wizard can hold is there again after the window was loaded anew", () => {
  const store = () => useDraftStore.getState();
  fc.assert(
    fc.property(row, newCase, entered, view, (entry, entryOfCase, incident, looked) => {
      store().begin({ camera: { id: "c1", name: "Lobby" }, offered: null, startedBy: "operator" });
      store().editRow("c1", {
        name: entry.name,
        description: entry.description,
        startUtcMs: entry.start.utcMs,
        startTyped: entry.start.typed,
        endUtcMs: entry.end.utcMs,
        endTyped: entry.end.typed,
      });
      const { utcMs, typed } = incident;
      const times = { startUtcMs: utcMs, startTyped: typed, endUtcMs: utcMs, endTyped: typed };
      store().editCase({ ...entryOfCase, incident: times });
      store().look(looked);
      const read = parseStoredDraft(stored.get(DRAFT_STORAGE_KEY) ?? null);
      expect(read).toEqual({ draft: store().draft, hasLostDraft: false });
    }),
  );
});

import { beforeEach, describe, expect, it, vi } from "vitest";

const stored = new Map<string, string>();
let quotaIsExceeded = false;
vi.stubGlobal("localStorage", {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => {
    if (quotaIsExceeded) throw new DOMException("No room.", "QuotaExceededError");
    stored.set(key, value);
  },
  removeItem: (key: string) => stored.delete(key),
});
const { DRAFT_STORAGE_KEY, hasDraftOf, parseStoredDraft, STORED_MAX_CHARACTERS, useDraftStore } =
  await import("./draft-store.ts");

const lobby = { id: "c1", name: "Lobby" };
const offered = { kind: "now", startUtcMs: 0, endUtcMs: 60_000, atUtcMs: 60_000 } as const;
const store = () => useDraftStore.getState();

describe("the stored draft", () => {
  beforeEach(() => store().begin({ camera: lobby, offered, startedBy: "operator" }));

  it("comes back as it was after the window has crashed", async () => {
    store().editRow("c1", { name: "Theft at the desk" });
    const before = store().draft;
    const text = stored.get(DRAFT_STORAGE_KEY) ?? "";
    store().drop();
    stored.set(DRAFT_STORAGE_KEY, text);
    await useDraftStore.persist.rehydrate();
    expect(store().draft).toEqual(before);
    expect(store().draft?.hasChanges).toBe(true);
  });

  it("comes back with what was half typed, picked and searched, and is the same operator's only", async () => {
    const startTyped = { text: "2026-11-01 01:5", beforeUtcMs: 0, pass: "second" as const };
    store().editRow("c1", { startUtcMs: null, startTyped });
    store().goTo("times");
    store().look({ selectedIds: ["c1"], showsUtc: true, adding: { text: "gat", pickedIds: ["c2"] } });
    const before = store().draft;
    const text = stored.get(DRAFT_STORAGE_KEY) ?? "";
    store().drop();
    stored.set(DRAFT_STORAGE_KEY, text);
    await useDraftStore.persist.rehydrate();
    expect(store().draft).toEqual(before);
    expect(store().draft?.view.adding).toEqual({ text: "gat", pickedIds: ["c2"] });
    expect([hasDraftOf("operator"), hasDraftOf("viewer")]).toEqual([true, false]);
  });

  it("of the version before, which kept no text, is taken up all the same", () => {
    const { view: _view, rows, ...older } = store().draft!;
    const oldRows = rows.map(({ startTyped: _start, endTyped: _end, ...row }) => row);
    expect(parseStoredDraft(JSON.stringify({ ...older, rows: oldRows })).draft).toEqual(store().draft);
  });

  it("has nothing in hand at the next step, and has not changed by looking", () => {
    store().look({ selectedIds: ["c1"], anchorId: "c1", caseSearch: "fence" });
    store().goTo("times");
    expect(store().draft).toMatchObject({
      hasChanges: false,
      view: { selectedIds: [], anchorId: null, caseSearch: "fence" },
    });
  });

  it("that is too large to be stored, or finds no room, is edited on, and nothing half is left behind", () => {
    store().editRow("c1", { description: "x".repeat(STORED_MAX_CHARACTERS) });
    expect(stored.has(DRAFT_STORAGE_KEY)).toBe(false);
    store().editRow("c1", { description: "" });
    expect(stored.has(DRAFT_STORAGE_KEY)).toBe(true);
    quotaIsExceeded = true;
    store().editRow("c1", { name: "Theft" });
    quotaIsExceeded = false;
    expect(stored.has(DRAFT_STORAGE_KEY)).toBe(false);
    expect(store().draft?.rows[0]?.name).toBe("Theft");
  });

  it("that could not be read is told once", async () => {
    stored.set(DRAFT_STORAGE_KEY, "{");
    await useDraftStore.persist.rehydrate();
    expect([store().draft, store().takeLostDraft(), store().takeLostDraft()]).toEqual([null, true, false]);
  });

  it("is taken away when it is dropped", () => {
    store().drop();
    expect(stored.has(DRAFT_STORAGE_KEY)).toBe(false);
  });

  it("is none when what is stored is damaged or of another version", () => {
    for (const damaged of ["{", '{"version":2}', "null", "[1]"])
      expect(parseStoredDraft(damaged)).toEqual({ draft: null, hasLostDraft: true });
    expect(parseStoredDraft(null)).toEqual({ draft: null, hasLostDraft: false });
  });

  it("has not changed by looking at another step", () => {
    store().goTo("times");
    expect(store().draft).toMatchObject({ step: "times", hasChanges: false });
  });

  it("keeps its request id through every edit, so that Finish twice is one export", () => {
    const requestId = store().draft?.requestId;
    store().add([{ id: "c2", name: "Gate" }]);
    store().sync(new Set(["c1", "c2"]));
    expect(store().draft?.requestId).toBe(requestId);
    expect(store().add([lobby])).toEqual(["Lobby"]);
  });
});

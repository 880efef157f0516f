import { beforeEach, describe, expect, it, vi } from "vitest";

const stored = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => stored.set(key, value),
  removeItem: (key: string) => stored.delete(key),
});
const { DRAFT_STORAGE_KEY, parseStoredDraft, useDraftStore } = await import("./draft-store.ts");

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

  it("is taken away when it is dropped", () => {
    store().drop();
    expect(stored.has(DRAFT_STORAGE_KEY)).toBe(false);
  });

  it("is none when what is stored is damaged or of another version", () => {
    expect(parseStoredDraft("{")).toBeNull();
    expect(parseStoredDraft('{"version":2}')).toBeNull();
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

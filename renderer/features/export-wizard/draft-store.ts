import { create } from "zustand";
import { persist, type PersistStorage } from "zustand/middleware";
import {
  addCameras,
  exportDraft,
  newDraft,
  syncTimes,
  type DraftCase,
  type DraftRow,
  type DraftStart,
  type ExportDraft,
  type NamedCamera,
} from "./export-draft.ts";

export const DRAFT_STORAGE_KEY = "evidence-desk.export-draft";

interface DraftState {
  readonly draft: ExportDraft | null;
  /** Starts anew; what was there is dropped. */
  begin(start: DraftStart): void;
  drop(): void;
  /** Adds those that are missing. @returns names of the others: a camera is in an export once (S7) */
  add(cameras: readonly NamedCamera[]): string[];
  remove(cameraIds: ReadonlySet<string>): void;
  sync(cameraIds: ReadonlySet<string>): void;
  editRow(cameraId: string, change: Partial<Omit<DraftRow, "cameraId" | "cameraName">>): void;
  editCase(change: Partial<DraftCase>): void;
  editAssociation(change: Partial<Pick<ExportDraft, "association" | "existingCase">>): void;
  goTo(step: ExportDraft["step"]): void;
}

type StoredDraft = Pick<DraftState, "draft">;

/** A draft of an older or damaged version is as good as none: the operator starts anew. */
export function parseStoredDraft(text: string | null): ExportDraft | null {
  if (text === null) return null;
  try {
    const parsed = exportDraft.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const draftStorage: PersistStorage<StoredDraft> = {
  getItem: (key) => ({ state: { draft: parseStoredDraft(localStorage.getItem(key)) } }),
  setItem: (key, { state }) => {
    if (state.draft === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(state.draft));
  },
  removeItem: (key) => localStorage.removeItem(key),
};

/** The one draft of this window. Written through to the window's storage, so that a crash loses nothing. */
export const useDraftStore = create<DraftState>()(
  persist(
    (set, get) => {
      const edit = (change: (draft: ExportDraft) => Partial<ExportDraft>) =>
        set(({ draft }) =>
          draft === null ? {} : { draft: { ...draft, hasChanges: true, ...change(draft) } },
        );
      return {
        draft: null,
        begin: (start) => set({ draft: newDraft(crypto.randomUUID(), start) }),
        drop: () => set({ draft: null }),
        add: (cameras) => {
          const { rows, presentNames } = addCameras(get().draft?.rows ?? [], cameras);
          if (presentNames.length < cameras.length) edit(() => ({ rows }));
          return presentNames;
        },
        remove: (ids) => edit(({ rows }) => ({ rows: rows.filter((row) => !ids.has(row.cameraId)) })),
        sync: (ids) => edit(({ rows }) => ({ rows: syncTimes(rows, ids) })),
        editRow: (id, change) =>
          edit(({ rows }) => ({
            rows: rows.map((row) => (row.cameraId === id ? { ...row, ...change } : row)),
          })),
        editCase: (change) => edit(({ newCase }) => ({ newCase: { ...newCase, ...change } })),
        editAssociation: (change) => edit(() => change),
        goTo: (step) => set(({ draft }) => (draft === null ? {} : { draft: { ...draft, step } })),
      };
    },
    { name: DRAFT_STORAGE_KEY, storage: draftStorage, partialize: ({ draft }) => ({ draft }) },
  ),
);

import { create } from "zustand";
import { persist, type PersistStorage } from "zustand/middleware";
import {
  addCameras,
  exportDraftSchema,
  newDraft,
  syncTimes,
  viewOfNextStep,
  type DraftCase,
  type DraftRow,
  type DraftStart,
  type DraftView,
  type ExportDraft,
  type NamedCamera,
} from "./export-draft.ts";

export const DRAFT_STORAGE_KEY = "evidence-desk.export-draft";

interface DraftState {
  readonly draft: ExportDraft | null;
  /** Something was stored that could not be read. */
  readonly hasLostDraft: boolean;
  /** Starts anew; what was there is dropped. */
  begin(start: DraftStart): void;
  drop(): void;
  /** Adds those that are missing. @returns names of the others: a camera is in an export once */
  add(cameras: readonly NamedCamera[]): string[];
  remove(cameraIds: ReadonlySet<string>): void;
  sync(cameraIds: ReadonlySet<string>): void;
  editRow(cameraId: string, change: Partial<Omit<DraftRow, "cameraId" | "cameraName">>): void;
  editCase(change: Partial<DraftCase>): void;
  editAssociation(change: Partial<Pick<ExportDraft, "association" | "existingCase">>): void;
  goTo(step: ExportDraft["step"]): void;
  /** Changes what is in hand; nothing of what is sent. */
  look(change: Partial<DraftView>): void;
  /** Whether a stored draft could not be read; true once. */
  takeLostDraft(): boolean;
}

type StoredDraft = Pick<DraftState, "draft" | "hasLostDraft">;

/** A draft of another version, or a damaged one, is as good as none, and it is said: the operator starts anew. */
export function parseStoredDraft(text: string | null): StoredDraft {
  if (text === null) return { draft: null, hasLostDraft: false };
  try {
    const parsed = exportDraftSchema.safeParse(JSON.parse(text));
    return parsed.success ? { draft: parsed.data, hasLostDraft: false } : { draft: null, hasLostDraft: true };
  } catch (error) {
    if (error instanceof SyntaxError) return { draft: null, hasLostDraft: true };
    throw error;
  }
}

/** What the window's storage takes of one site's page is 5 million characters; a draft of hundreds of cameras is a tenth. */
export const STORED_MAX_CHARACTERS = 2_000_000;

const draftStorage: PersistStorage<StoredDraft> = {
  getItem: (key) => ({ state: parseStoredDraft(localStorage.getItem(key)) }),
  setItem: (key, { state }) => {
    const text = state.draft === null ? null : JSON.stringify(state.draft);
    if (text === null || !isStored(key, text)) localStorage.removeItem(key);
  },
  removeItem: (key) => localStorage.removeItem(key),
};

/** A draft that cannot be stored is edited and sent all the same: only a crash would lose it. */
function isStored(key: string, text: string): boolean {
  if (text.length > STORED_MAX_CHARACTERS) return false;
  try {
    localStorage.setItem(key, text);
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === "QuotaExceededError") return false;
    throw error;
  }
}

/** Whether this operator left the wizard without sending or discarding: by a crash, a reload, the end of the program. */
export function hasDraftOf(username: string): boolean {
  return useDraftStore.getState().draft?.startedBy === username;
}

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
        hasLostDraft: false,
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
        goTo: (step) =>
          set(({ draft }) =>
            draft === null ? {} : { draft: { ...draft, step, view: viewOfNextStep(draft.view) } },
          ),
        takeLostDraft: () => {
          const { hasLostDraft } = get();
          set({ hasLostDraft: false });
          return hasLostDraft;
        },
        look: (change) =>
          set(({ draft }) =>
            draft === null ? {} : { draft: { ...draft, view: { ...draft.view, ...change } } },
          ),
      };
    },
    {
      name: DRAFT_STORAGE_KEY,
      storage: draftStorage,
      partialize: ({ draft }) => ({ draft, hasLostDraft: false }),
    },
  ),
);

import { useEffect, useRef } from "react";
import { showToast } from "#design-system/components/toast.tsx";
import { hasDraftOf, useDraftStore } from "../features/export-wizard/draft-store.ts";

/** Log-off ends a draft. What ended without a log-off (a crash, a reload, a power cut) keeps it for the same operator. */
export function useDraftEndsAtLogOff(username: string | null | undefined): void {
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (username === undefined) return;
    const left = before.current;
    if (left !== null && left !== username && hasDraftOf(left)) useDraftStore.getState().drop();
    before.current = username;
  }, [username]);
}

/** Whether the wizard opens again where this operator was in it. */
export function opensWithDraft(username: string, maySend: boolean): boolean {
  return maySend && hasDraftOf(username);
}

/** A draft that could not be read is not passed over in silence. */
export function useLostDraftIsSaid(maySend: boolean): void {
  useEffect(() => {
    if (maySend && useDraftStore.getState().takeLostDraft()) {
      showToast("danger", "An export that was not finished could not be read again. Start it anew.");
    }
  }, [maySend]);
}

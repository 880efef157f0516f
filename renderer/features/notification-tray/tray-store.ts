import { create } from "zustand";

interface TrayState {
  readonly isOpen: boolean;
  /** An export whose card is to have the focus as soon as it can be shown; null for none. */
  readonly wantedExportId: string | null;
}

const CLOSED: TrayState = { isOpen: false, wantedExportId: null };

/** Whether the tray is open, which others than its button open too. */
export const useTrayStore = create<TrayState>(() => CLOSED);

export const openTray = () => useTrayStore.setState({ isOpen: true });
export const closeTray = () => useTrayStore.setState(CLOSED);

/** Shows the card of an export: in the tray, or in the sidebar where the list is open there already. */
export function showExport(exportId: string, isSidebarPinned: boolean): void {
  useTrayStore.setState({ isOpen: !isSidebarPinned, wantedExportId: exportId });
}

export const exportIsShown = () => useTrayStore.setState({ wantedExportId: null });

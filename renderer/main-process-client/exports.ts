import { useChange } from "./change.ts";
import { useReading } from "./reading.ts";
import { useHasPrivilege } from "./session.ts";

/** Every export, newest first; events keep it up to date. */
export function useExports() {
  return useReading("exports.list", undefined, { enabled: useHasPrivilege("send-to-clearance") });
}

export const useStartExport = () => useChange("exports.start");
export const useRetryExport = () => useChange("exports.retry");
export const useCancelExport = () => useChange("exports.cancel");
export const useDismissExport = () => useChange("exports.dismiss");
export const useOpenInClearance = () => useChange("exports.openInClearance");

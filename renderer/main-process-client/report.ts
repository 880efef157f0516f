import { useChange } from "./change.ts";
import { useReading } from "./reading.ts";

/** Which program this is, and where its log lies. */
export const useAbout = () => useReading("report.about", undefined);

export const usePrepareReport = () => useChange("report.prepare");
export const useSaveReport = () => useChange("report.save");

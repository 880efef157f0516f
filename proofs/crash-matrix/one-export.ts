import type { JournalEntry } from "#electron/export-pipeline/ports/export-journal.ts";

/** An export of one camera in one segment, for writing into a journal. */
export function oneExport(): JournalEntry {
  const range = { startUtcMs: 0, endUtcMs: 60_000 };
  const ids = { exportId: "export", cameraExportId: "camera-export", segmentId: "segment" };
  const camera = { cameraId: "gate", cameraName: "Gate", name: "", description: "", range };
  return {
    record: {
      exportId: ids.exportId,
      createdUtcMs: 0,
      createdBy: "operator",
      request: {
        requestId: ids.exportId,
        cameraExports: [camera],
        caseAssociation: { kind: "none" },
      },
      account: null,
      caseId: null,
      dismissed: false,
    },
    cameraExports: [
      {
        record: {
          cameraExportId: ids.cameraExportId,
          exportId: ids.exportId,
          index: 0,
          state: { kind: "queued" },
          generation: 1,
          cameraArea: null,
          manifest: null,
        },
        segments: [
          {
            segmentId: ids.segmentId,
            cameraExportId: ids.cameraExportId,
            index: 0,
            range,
            state: { kind: "queued" },
            encryptionData: null,
            plannedLengthBytes: 0,
            recorded: null,
          },
        ],
      },
    ],
  };
}

import type { SentFileState } from "#shared/domain/sent-file-state.ts";
import type { ManifestRecord } from "../ports/export-journal.ts";

/** Where the manifest is on its way. Its record tells it in words of its own, which earlier journals have as well. */
export function manifestStateOf({ file, resourceId, uploaded, verified }: ManifestRecord): SentFileState {
  if (resourceId === null) return { kind: "spooled", file };
  if (verified) return { kind: "verified", file, resourceId };
  return { kind: uploaded === true ? "uploaded" : "uploading", file, resourceId };
}

/** The same manifest, as far as this. */
export function manifestAt({ encryptionData }: ManifestRecord, state: SentFileState): ManifestRecord {
  const { kind, file } = state;
  return {
    file,
    encryptionData,
    resourceId: kind === "spooled" ? null : state.resourceId,
    ...(kind === "uploaded" && { uploaded: true }),
    verified: kind === "verified",
  };
}

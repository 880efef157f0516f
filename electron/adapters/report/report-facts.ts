import { arch, release, totalmem, version as systemVersion } from "node:os";
import type { ExportSummary } from "#shared/domain/export-status.ts";
import type { NetworkState } from "#shared/ipc-contract/network-contract.ts";
import type { DestinationSettings } from "../site/settings-store.ts";

export interface SoftwareFacts {
  readonly name: string;
  readonly version: string;
  readonly runtime: string;
}

/** Which programs run here, and on what. */
export function versionFacts(software: SoftwareFacts, timeZone: string) {
  const { node, electron, chrome, v8 } = process.versions;
  return {
    ...software,
    versions: { node, electron, chrome, v8 },
    system: { platform: process.platform, arch: arch(), release: release(), version: systemVersion() },
    memoryBytes: totalmem(),
    timeZone,
  };
}

export interface SettingFactsParts {
  readonly destination: DestinationSettings;
  readonly proxy: NetworkState["proxy"];
  readonly authorityCount: number;
  readonly usesKeyFile: boolean;
}

/** What is set, each value named here: a setting that is added later is in no report until somebody decides so. */
export function settingFacts({ destination, proxy, ...counts }: SettingFactsParts) {
  return {
    destination: destination.destination.kind,
    hasSpoolFolderOfItsOwn: destination.spoolFolder !== null,
    spoolQuotaBytes: destination.spoolQuotaBytes,
    bandwidthCapBytesPerSecond: destination.bandwidthCapBytesPerSecond,
    bandwidthSchedule: destination.bandwidthSchedule,
    keepAwake: destination.keepAwake,
    proxy: { isChosenHere: proxy.address !== null, hasLogOn: proxy.user !== "" },
    ...counts,
  };
}

/** How far each export is, without what people have named: cameras, cases, evidence, operators. */
export function exportFacts(exports: readonly ExportSummary[]) {
  return exports.map((made) => ({
    exportId: made.exportId,
    created: new Date(made.createdUtcMs).toISOString(),
    case: made.caseAssociation,
    state: made.kind,
    failure: made.failure?.code ?? null,
    doneBytes: made.doneBytes,
    totalBytes: made.totalBytes,
    cameraExports: made.cameraExports.map((camera) => ({
      cameraExportId: camera.cameraExportId,
      state: camera.kind,
      failure: camera.failure?.code ?? null,
      segmentCount: camera.segmentCount,
      withFootageCount: camera.withFootageCount,
      verifiedCount: camera.verifiedCount,
      doneBytes: camera.doneBytes,
      totalBytes: camera.totalBytes,
      startedOverTimes: camera.startedOver?.times ?? 0,
    })),
  }));
}

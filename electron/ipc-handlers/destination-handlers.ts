import type { DestinationState, SpoolUse } from "#shared/ipc-contract/destination-contract.ts";
import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { type Outcome, succeeded } from "#shared/domain/failure.ts";
import type { AccountCases } from "../adapters/clearance-client/account-cases.ts";
import type { DestinationAccount, DestinationCheck } from "../adapters/site/destination-account.ts";
import type { SecretBox } from "../adapters/site/secret-box.ts";
import type { DestinationSettings, SettingsStore } from "../adapters/site/settings-store.ts";
import type { FolderSpool, SpoolSettings } from "../adapters/spool/folder-spool.ts";
import type { OccupiedFolder } from "../adapters/spool/occupied-folder.ts";
import type { ExportAccount } from "#shared/domain/export-status.ts";
import type { ExportPipeline } from "../export-pipeline/export-pipeline.ts";
import {
  cancelAll,
  exportsLeftBehind,
  figuresOf,
  namesOf,
  notTakenOver,
  type UnderWay,
} from "./account-change.ts";
import { answerOf, type AreaHandlers } from "./handler.ts";

const CALL_TIMEOUT_MS = 15_000;

export interface DestinationHandlerParts {
  readonly account: DestinationAccount;
  readonly cases: AccountCases;
  readonly settings: SettingsStore;
  readonly secrets: SecretBox;
  readonly pipeline: ExportPipeline;
  /** The secrets of accounts that no export needs any more go. */
  readonly forgetUnusedAccounts: () => void;
  readonly spool: FolderSpool;
  readonly spoolSettings: () => SpoolSettings;
  /** The one of the site, for whoever chooses none. */
  readonly ownSpoolFolder: string;
  /** Where archive and evidence service of the site keep what is theirs. */
  readonly occupiedFolders: readonly OccupiedFolder[];
  /** The settings have changed: they hold from now on. */
  readonly applyBandwidth: () => void;
  readonly announce: (state: DestinationState) => void;
}

export function destinationHandlers(parts: DestinationHandlerParts): AreaHandlers<"destination"> {
  const { account, settings } = parts;
  const announced = async () => {
    const state = await destinationState(parts, await account.check());
    parts.announce(state);
    return state;
  };
  const checkedState = async () => succeeded(await announced());
  /** Tried already. */
  const change = async (to: ExportAccount, underWay: UnderWay, adopt: () => void) => {
    const affected = exportsLeftBehind(parts.pipeline.statuses(), account.identity(), to);
    if (affected.length > 0 && underWay === "ask") {
      return succeeded({
        kind: "asked" as const,
        ...figuresOf(affected),
        ...namesOf(account.identity(), to),
      });
    }
    adopt();
    if (underWay === "cancel") await cancelAll(parts.pipeline, affected);
    parts.forgetUnusedAccounts();
    return succeeded({ kind: "changed" as const, state: await announced() });
  };
  return {
    "destination.state": async () => succeeded(await destinationState(parts, null)),
    "destination.spoolUse": async () => succeeded(await spoolUse(parts)),
    "destination.cases": async ({ text }) => answerOf(await parts.cases.cases(text, call())),
    "destination.clock": async () => succeeded(await account.askTime()),
    "destination.caseForm": async () => answerOf(await parts.cases.form(call())),
    "destination.importConnectionFile": async ({ json, underWay }) => {
      const file = account.read(json);
      if (!file.ok) return file;
      const tried = await account.tryOut(file.value);
      if (!tried.ok) return notTakenOver(tried.error, account.identity());
      return await change(file.value.identity, underWay, () => account.adopt(file.value));
    },
    "destination.useEmbedded": async ({ underWay }) => {
      const tried = await account.tryEmbedded();
      if (!tried.ok) return notTakenOver(tried.error, account.identity());
      return await change(account.embedded, underWay, () => account.useEmbedded());
    },
    "destination.test": checkedState,
    "destination.configure": async ({ spoolFolder, ...limits }) => {
      const isAllOfIt = isEqualTo(settings.destination(), limits);
      const chosen = await chosenSpoolFolder(parts, spoolFolder, isAllOfIt);
      if (!chosen.ok) return chosen;
      settings.saveDestination({ ...settings.destination(), ...limits, spoolFolder: chosen.value });
      parts.applyBandwidth();
      return await checkedState();
    },
  };
}

/** @param limits as they were entered */
function isEqualTo(
  { spoolQuotaBytes, bandwidthCapBytesPerSecond, bandwidthSchedule, keepAwake }: DestinationSettings,
  limits: Omit<DestinationSettings, "destination" | "spoolFolder">,
): boolean {
  return isDeepStrictEqual(
    { spoolQuotaBytes, bandwidthCapBytesPerSecond, bandwidthSchedule, keepAwake },
    limits,
  );
}

/**
 * A folder that is in use stays as it is while limits are changed, also where its disk is away. Who saves nothing but the
 * folder, and it is missing, wants it made anew.
 * @param isAllOfIt nothing but the folder may have been meant
 * @returns what the settings keep: null for the site's own
 */
async function chosenSpoolFolder(
  { settings, spool, spoolSettings, ownSpoolFolder, occupiedFolders }: DestinationHandlerParts,
  typed: string,
  isAllOfIt: boolean,
): Promise<Outcome<string | null>> {
  const folder = isAbsolute(typed) ? resolve(typed) : typed;
  const isInUse = folder === spoolSettings().folder;
  if (isInUse && !(isAllOfIt && (await isMissing(folder))))
    return succeeded(settings.destination().spoolFolder);
  const tried = await spool.tryFolder(folder, { occupied: occupiedFolders, ownFolder: ownSpoolFolder });
  if (!tried.ok) return tried;
  return succeeded(folder === ownSpoolFolder ? null : folder);
}

async function isMissing(folder: string): Promise<boolean> {
  return await stat(folder).then(() => false, saysMissing);
}

/** @param check what was found when the account was tried last, null where it was not */
export async function destinationState(
  parts: DestinationHandlerParts,
  check: DestinationCheck | null,
): Promise<DestinationState> {
  const connection = parts.account.current()?.connection ?? null;
  const { folder, quotaBytes } = parts.spoolSettings();
  const { bandwidthCapBytesPerSecond, bandwidthSchedule, keepAwake } = parts.settings.destination();
  return {
    kind: parts.account.kind,
    account: connection?.tenantId ?? null,
    accountId: parts.account.identity()?.accountId ?? null,
    oldAccounts: parts.account.keptNames(),
    serviceAddress: connection === null ? null : new URL(connection.api).origin,
    encryptionProtocol: check?.reachable === true ? check.encryptionProtocol : null,
    reachable: check?.reachable ?? null,
    clock: parts.account.current()?.time.difference() ?? null,
    problem: check?.reachable === false ? check.problem : null,
    spoolFolder: folder,
    ...(await spoolUse(parts)),
    spoolQuotaBytes: quotaBytes,
    bandwidthCapBytesPerSecond,
    bandwidthSchedule,
    keepAwake,
    keysInFile: parts.secrets.usesKeyFile,
  };
}

async function spoolUse({ spool, spoolSettings }: DestinationHandlerParts): Promise<SpoolUse> {
  const [usage, disk] = await Promise.all([spool.usage(), spool.disk()]);
  const { folder } = spoolSettings();
  return {
    spoolDisk: disk.kind,
    spoolFreeBytes: disk.freeBytes,
    spoolUsedBytes: usage.reduce((sum, { bytes }) => sum + bytes, 0),
    otherSpoolFolders: usage.filter((one) => one.folder !== folder && one.bytes > 0),
  };
}

function call() {
  return { signal: AbortSignal.timeout(CALL_TIMEOUT_MS) };
}

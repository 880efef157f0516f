import type { DestinationState } from "#shared/ipc-contract/destination-contract.ts";
import { succeeded } from "#shared/domain/failure.ts";
import type { CaseDirectory } from "../adapters/clearance-client/case-directory.ts";
import type { DestinationAccount, DestinationCheck } from "../adapters/site/destination-account.ts";
import type { SecretBox } from "../adapters/site/secret-box.ts";
import type { SettingsStore } from "../adapters/site/settings-store.ts";
import type { FolderSpool, SpoolSettings } from "../adapters/spool/folder-spool.ts";
import { answerOf, type AreaHandlers } from "./handler.ts";

const CALL_TIMEOUT_MS = 15_000;

export interface DestinationHandlerParts {
  readonly account: DestinationAccount;
  readonly cases: CaseDirectory;
  readonly settings: SettingsStore;
  readonly secrets: SecretBox;
  readonly spool: FolderSpool;
  readonly spoolSettings: () => SpoolSettings;
  /** The settings have changed: they hold from now on. */
  readonly applyBandwidth: () => void;
  readonly announce: (state: DestinationState) => void;
}

export function destinationHandlers(parts: DestinationHandlerParts): AreaHandlers<"destination"> {
  const { account, settings } = parts;
  const checkedState = async () => {
    const state = await destinationState(parts, await account.check());
    parts.announce(state);
    return succeeded(state);
  };
  return {
    "destination.state": async () => succeeded(await destinationState(parts, null)),
    "destination.cases": async ({ text }) => answerOf(await parts.cases.cases(text, call())),
    "destination.caseForm": async () => answerOf(await parts.cases.form(call())),
    "destination.importConnectionFile": async ({ json }) => {
      const imported = account.importConnectionFile(json);
      return imported.ok ? await checkedState() : imported;
    },
    "destination.useEmbedded": async () => {
      account.useEmbedded();
      return await checkedState();
    },
    "destination.test": checkedState,
    "destination.configure": async ({ spoolFolder, ...limits }) => {
      const before = settings.destination();
      const folder = spoolFolder === parts.spoolSettings().folder ? before.spoolFolder : spoolFolder;
      settings.saveDestination({ ...before, ...limits, spoolFolder: folder });
      parts.applyBandwidth();
      return await checkedState();
    },
  };
}

async function destinationState(
  parts: DestinationHandlerParts,
  check: DestinationCheck | null,
): Promise<DestinationState> {
  const connection = parts.account.current()?.connection ?? null;
  const { folder, quotaBytes } = parts.spoolSettings();
  const { bandwidthCapBytesPerSecond, bandwidthSchedule } = parts.settings.destination();
  return {
    kind: parts.account.kind,
    account: connection?.tenantId ?? null,
    serviceAddress: connection === null ? null : new URL(connection.api).origin,
    encryptionProtocol: check?.reachable === true ? check.encryptionProtocol : null,
    reachable: check?.reachable ?? null,
    problem: check?.reachable === false ? check.problem : null,
    spoolFolder: folder,
    spoolUsedBytes: await parts.spool.usedBytes(),
    spoolQuotaBytes: quotaBytes,
    bandwidthCapBytesPerSecond,
    bandwidthSchedule,
    keysInFile: parts.secrets.usesKeyFile,
  };
}

function call() {
  return { signal: AbortSignal.timeout(CALL_TIMEOUT_MS) };
}

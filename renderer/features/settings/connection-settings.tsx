import { failed } from "#shared/domain/failure.ts";
import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import { CONNECTION_FILE_ENDINGS } from "#shared/domain/connection-file-name.ts";
import type { RequestInput } from "#shared/ipc-contract/contract.ts";
import { Button } from "#design-system/components/button.tsx";
import { TextArea } from "#design-system/components/text-field.tsx";
import type { Change } from "../../main-process-client/change.ts";
import {
  useEmbeddedDestination,
  useImportConnectionFile,
  useTestDestination,
} from "../../main-process-client/destination.ts";
import {
  useOpenedConnectionFile,
  useSettleConnectionFile,
} from "../../main-process-client/opened-connection-file.ts";
import { AccountChangeDialog, type AskedChange } from "./account-change-dialog.tsx";
import { OpenedFileQuestion } from "./opened-file-question.tsx";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";
import { useTyped } from "./typed-entries.tsx";

type DestinationChange = "destination.importConnectionFile" | "destination.useEmbedded";
type ChangeAnswer = Awaited<ReturnType<Change<DestinationChange>["run"]>>;
type UnderWay = RequestInput<DestinationChange>["underWay"];

/** A change of the account, asked for with what becomes of the exports under way. */
interface AccountChange {
  readonly ask: (underWay: UnderWay) => Promise<ChangeAnswer>;
  readonly done: string;
  readonly onDone?: () => void;
}

/** As large as the contract takes. */
const FILE_MAX_CHARACTERS = 262_144;

export function ConnectionSettings() {
  const { typed, type, forget } = useTyped("Connection", { pasted: "" });
  const { pasted } = typed;
  const [notice, setNotice] = useState<SettingNotice>(null);
  const importFile = useImportConnectionFile();
  const embedded = useEmbeddedDestination();
  const test = useTestDestination();
  const opened = useOpenedConnectionFile();
  const settleFile = useSettleConnectionFile();
  const isBusy = importFile.isRunning || embedded.isRunning || test.isRunning;
  const [decision, setDecision] = useState<{ asked: AskedChange; change: AccountChange } | null>(null);
  const settle = async (change: AccountChange, underWay: UnderWay) => {
    if (isBusy) return;
    setNotice(null);
    const answer = await change.ask(underWay);
    if (!answer.ok) return setNotice({ failure: answer.error });
    if (answer.value.kind === "asked") return setDecision({ asked: answer.value, change });
    forget();
    change.onDone?.();
    if (answer.value.state.problem === null) setNotice({ done: change.done });
  };
  const importJson = async (json: string, onDone?: () => void) => {
    if (json.length > FILE_MAX_CHARACTERS) return setNotice({ failure: TOO_LARGE });
    const ask = (underWay: UnderWay) => importFile.run({ json, underWay });
    const change = { ask, done: "The connection file was tried and imported." };
    await settle(onDone === undefined ? change : { ...change, onDone }, "ask");
  };
  const useEmbedded = () =>
    settle(
      { ask: (underWay) => embedded.run({ underWay }), done: "Evidence goes to the embedded service." },
      "ask",
    );
  const testConnection = async () => {
    if (isBusy) return;
    setNotice(null);
    const answer = await test.run(undefined);
    if (!answer.ok) setNotice({ failure: answer.error });
    else if (answer.value.problem === null)
      setNotice({ done: "The service answered and gave its key, departments and cases." });
  };
  const decide = (underWay: Exclude<UnderWay, "ask"> | null) => {
    setDecision(null);
    if (underWay !== null && decision !== null) void settle(decision.change, underWay);
  };
  const importFirst = async (files: FileList | null) => {
    const file = files?.[0];
    if (file === undefined) return;
    const text = await file.text().catch(() => null);
    if (text === null) return setNotice({ failure: UNREADABLE });
    await importJson(text);
  };
  const settled = () => void (opened !== null && settleFile.run({ fileId: opened.fileId }));
  return (
    <section className={styles["section"]}>
      <h3>Connection</h3>
      {opened !== null && (
        <OpenedFileQuestion
          key={opened.fileId}
          opened={opened}
          onImport={(json) => void importJson(json, settled)}
          onLeave={settled}
        />
      )}
      <div className={styles["row"]}>
        <FileTrigger
          acceptedFileTypes={CONNECTION_FILE_ENDINGS}
          onSelect={(files) => void importFirst(files)}
        >
          <Button icon="folder">Import a connection file</Button>
        </FileTrigger>
        <Button icon="sync" onPress={() => void testConnection()}>
          Test connection
        </Button>
        <Button icon="server" onPress={() => void useEmbedded()}>
          Use the embedded service
        </Button>
      </div>
      {isBusy && (
        <p role="status" className={styles["hint"]}>
          Asking the service…
        </p>
      )}
      <NoticeMessage notice={notice} />
      {decision !== null && <AccountChangeDialog asked={decision.asked} onDecide={decide} />}
      <TextArea
        label="Or paste the connection file"
        rows={3}
        placeholder="{ … }"
        value={pasted}
        onChange={(text) => type({ pasted: text })}
        spellCheck="false"
      />
      <div className={styles["row"]}>
        <Button isDisabled={pasted.trim() === ""} onPress={() => void importJson(pasted)}>
          Import the pasted text
        </Button>
      </div>
    </section>
  );
}

const { error: TOO_LARGE } = failed(
  "CONNECTION_FILE_INVALID",
  "This file is too large for a connection file.",
);
const { error: UNREADABLE } = failed("CONNECTION_FILE_INVALID", "This file could not be read.");

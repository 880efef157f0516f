import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import { Button } from "../../design-system/button.tsx";
import { TextArea } from "../../design-system/text-field.tsx";
import type { Change } from "../../main-process-client/change.ts";
import {
  useEmbeddedDestination,
  useImportConnectionFile,
  useTestDestination,
} from "../../main-process-client/destination.ts";
import { OutcomeMessage, type SettingOutcome } from "./outcome-message.tsx";
import styles from "./settings.module.css";

type DestinationChange = "destination.importConnectionFile" | "destination.useEmbedded" | "destination.test";
type DestinationAnswer = Awaited<ReturnType<Change<DestinationChange>["run"]>>;

/** As large as the contract takes. */
const FILE_MAX_CHARACTERS = 262_144;

export function ConnectionSettings() {
  const [pasted, setPasted] = useState("");
  const [outcome, setOutcome] = useState<SettingOutcome>(null);
  const importFile = useImportConnectionFile();
  const embedded = useEmbeddedDestination();
  const test = useTestDestination();
  const isBusy = importFile.isRunning || embedded.isRunning || test.isRunning;
  const settle = async (asked: () => Promise<DestinationAnswer>, done: string) => {
    if (isBusy) return false;
    setOutcome(null);
    const answer = await asked();
    if (!answer.ok) setOutcome({ failure: answer.error });
    else if (answer.value.problem === null) setOutcome({ done });
    return answer.ok;
  };
  const importJson = async (json: string) => {
    if (json.length > FILE_MAX_CHARACTERS) return setOutcome({ failure: TOO_LARGE });
    if (await settle(() => importFile.run({ json }), "The connection file was imported.")) setPasted("");
  };
  const importFirst = async (files: FileList | null) => {
    const file = files?.[0];
    if (file === undefined) return;
    const text = await file.text().catch(() => null);
    if (text === null) return setOutcome({ failure: UNREADABLE });
    await importJson(text);
  };
  return (
    <section className={styles["section"]}>
      <h3>Connection</h3>
      <div className={styles["row"]}>
        <FileTrigger acceptedFileTypes={[".json"]} onSelect={(files) => void importFirst(files)}>
          <Button icon="folder">Import a connection file</Button>
        </FileTrigger>
        <Button
          icon="sync"
          onPress={() => void settle(() => test.run(undefined), "The service answered and gave its key.")}
        >
          Test connection
        </Button>
        <Button
          icon="server"
          onPress={() => void settle(() => embedded.run(undefined), "Evidence goes to the embedded service.")}
        >
          Use the embedded service
        </Button>
      </div>
      {isBusy && (
        <p role="status" className={styles["hint"]}>
          Asking the service…
        </p>
      )}
      <OutcomeMessage outcome={outcome} />
      <TextArea
        label="Or paste the connection file"
        rows={3}
        placeholder="{ … }"
        value={pasted}
        onChange={setPasted}
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

const TOO_LARGE = {
  code: "CONNECTION_FILE_INVALID",
  message: "This file is too large for a connection file.",
};
const UNREADABLE = { code: "CONNECTION_FILE_INVALID", message: "This file could not be read." };

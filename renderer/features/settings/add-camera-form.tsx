import { hiddenCharacterIssue, isolated, isPlainName } from "#shared/domain/names.ts";
import { useState, type FormEvent } from "react";
import { Button } from "../../design-system/button.tsx";
import { TextField } from "../../design-system/text-field.tsx";
import { useAddCamera } from "../../main-process-client/cameras.ts";
import { OutcomeMessage, type SettingOutcome } from "./outcome-message.tsx";
import styles from "./settings.module.css";

const NOTHING_ENTERED = { name: "", area: "", address: "" };

/** Adds a camera by its RTSP address; it is recorded at once. */
export function AddCameraForm({ areas }: { readonly areas: readonly string[] }) {
  const [entered, setEntered] = useState(NOTHING_ENTERED);
  const [outcome, setOutcome] = useState<SettingOutcome>(null);
  const add = useAddCamera();
  const change = (part: Partial<typeof NOTHING_ENTERED>) => setEntered({ ...entered, ...part });
  const isComplete =
    Object.values(entered).every((value) => value.trim() !== "") &&
    isPlainName(entered.name.trim()) &&
    isPlainName(entered.area.trim());
  const submit = async () => {
    const { name, area, address } = entered;
    const answer = await add.run({ name: name.trim(), area: area.trim(), address: address.trim() });
    if (!answer.ok) return setOutcome({ failure: answer.error });
    setOutcome({ done: `${isolated(answer.value.name)} was added and is recorded from now on.` });
    setEntered(NOTHING_ENTERED);
  };
  const submitForm = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete && !add.isRunning) void submit();
  };
  return (
    <form className={styles["section"]} onSubmit={submitForm} aria-label="Add a camera">
      <h3>Add a camera</h3>
      <div className={styles["fields"]}>
        <TextField
          label="Name"
          maxLength={128}
          value={entered.name}
          onChange={(name) => change({ name })}
          errorMessage={hiddenCharacterIssue("The name", entered.name.trim())}
        />
        <TextField
          label="Area"
          maxLength={128}
          placeholder={areas[0] ?? ""}
          value={entered.area}
          onChange={(area) => change({ area })}
          errorMessage={hiddenCharacterIssue("The area's name", entered.area.trim())}
        />
        <div className={styles["wide"]}>
          <TextField
            label="Address"
            maxLength={2048}
            placeholder="rtsp://camera.example/stream"
            value={entered.address}
            onChange={(address) => change({ address })}
          />
        </div>
      </div>
      <div className={styles["row"]}>
        <Button type="submit" icon="plus" isDisabled={!isComplete}>
          Add camera
        </Button>
        <OutcomeMessage outcome={outcome} />
      </div>
    </form>
  );
}

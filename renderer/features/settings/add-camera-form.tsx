import { bidiIsolated } from "#shared/domain/names.ts";
import { useState, type FormEvent } from "react";
import type { Camera } from "#shared/domain/camera.ts";
import { Button } from "#design-system/components/button.tsx";
import { useAddCamera } from "../../main-process-client/cameras.ts";
import {
  areNamesFit,
  CameraLogOnFields,
  CameraNameFields,
  type CameraLogOn,
  type CameraNames,
} from "./camera-fields.tsx";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";
import { useTyped } from "./typed-entries.tsx";

const NOTHING_ENTERED: CameraNames & CameraLogOn = {
  ...{ name: "", area: "", address: "", user: "", password: "" },
  transport: "tcp",
  ratio: null,
};

interface AddCameraFormProps {
  /** Names of the areas that are there, offered while one is typed. */
  readonly areas: readonly string[];
  readonly onAdded: (camera: Camera) => void;
}

/** Adds a camera by its RTSP address; it is recorded at once. */
export function AddCameraForm({ areas, onAdded }: AddCameraFormProps) {
  const { typed: entered, type: change, forget } = useTyped("Add a camera", NOTHING_ENTERED);
  const [notice, setNotice] = useState<SettingNotice>(null);
  const add = useAddCamera();
  const isComplete = areNamesFit(entered) && entered.address.trim() !== "";
  const submit = async () => {
    const { name, area, address, user, password, transport, ratio } = entered;
    const answer = await add.run({
      ...{ name: name.trim(), area: area.trim(), address: address.trim(), transport, ratio },
      ...(user === "" ? {} : { user }),
      ...(password === "" ? {} : { password }),
    });
    if (!answer.ok) return setNotice({ failure: answer.error });
    setNotice({ done: `${bidiIsolated(answer.value.name)} was added and is recorded from now on.` });
    forget();
    onAdded(answer.value);
  };
  const submitForm = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete && !add.isRunning) void submit();
  };
  return (
    <form className={styles["section"]} onSubmit={submitForm} aria-label="Add a camera">
      <h3>Add a camera</h3>
      <div className={styles["fields"]}>
        <CameraNameFields value={entered} areas={areas} onChange={change} />
        <CameraLogOnFields value={entered} hasPassword={false} onChange={change} />
      </div>
      <div className={styles["row"]}>
        <Button type="submit" icon="plus" isDisabled={!isComplete}>
          Add camera
        </Button>
        <NoticeMessage notice={notice} />
      </div>
    </form>
  );
}

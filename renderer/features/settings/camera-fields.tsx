import { hiddenCharacterIssue, isPlainName } from "#shared/domain/names.ts";
import { USUAL_RATIOS } from "#shared/domain/picture-ratio.ts";
import { Select } from "#design-system/components/select.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import styles from "./settings.module.css";

export interface CameraNames {
  readonly name: string;
  readonly area: string;
}

/** Where a camera's pictures come from, as it is typed. An empty password says nothing new. */
export interface CameraLogOn {
  readonly address: string;
  readonly user: string;
  readonly password: string;
  readonly transport: "tcp" | "udp";
  /** The shape that its pictures are watched in; null: as the camera says. */
  readonly ratio: string | null;
}

const AS_THE_CAMERA_SAYS = "camera";

/** One that was set by another program is offered too. */
const ratiosWith = (ratio: string | null) => {
  const ratios = [...new Set([...USUAL_RATIOS, ...(ratio === null ? [] : [ratio])])];
  return [{ id: AS_THE_CAMERA_SAYS, name: "As sent" }, ...ratios.map((each) => ({ id: each, name: each }))];
};

const TRANSPORTS = [
  { id: "tcp", name: "TCP" },
  { id: "udp", name: "UDP" },
];

const NAME_MAX = 128;
const ADDRESS_MAX = 2048;
const LOG_ON_MAX = 512;

export const areNamesFit = ({ name, area }: CameraNames): boolean =>
  [name, area].every((text) => text.trim() !== "" && isPlainName(text.trim()));

interface NameFieldsProps {
  readonly value: CameraNames;
  readonly areas: readonly string[];
  readonly onChange: (part: Partial<CameraNames>) => void;
}

export function CameraNameFields({ value, areas, onChange }: NameFieldsProps) {
  return (
    <>
      <TextField
        label="Name"
        maxLength={NAME_MAX}
        value={value.name}
        onChange={(name) => onChange({ name })}
        errorMessage={hiddenCharacterIssue("The name", value.name.trim())}
      />
      <TextField
        label="Area"
        maxLength={NAME_MAX}
        placeholder={areas[0] ?? ""}
        value={value.area}
        onChange={(area) => onChange({ area })}
        errorMessage={hiddenCharacterIssue("The area's name", value.area.trim())}
      />
    </>
  );
}

interface LogOnFieldsProps {
  readonly value: CameraLogOn;
  /** The camera has a password, which nobody is shown. */
  readonly hasPassword: boolean;
  readonly onChange: (part: Partial<CameraLogOn>) => void;
}

/** Address and log-on of a camera; its password goes to the archive and never comes back. */
export function CameraLogOnFields({ value, hasPassword, onChange }: LogOnFieldsProps) {
  const isHiding = value.address.includes("{hidden}");
  return (
    <>
      <div className={styles["wide"]}>
        <TextField
          label="Address"
          maxLength={ADDRESS_MAX}
          placeholder="rtsp://camera.example/stream"
          spellCheck="false"
          value={value.address}
          onChange={(address) => onChange({ address })}
          {...(isHiding ? { description: "What {hidden} stands for is kept, sealed." } : {})}
        />
      </div>
      <div className={styles["logOn"]}>
        <TextField
          label="User"
          maxLength={LOG_ON_MAX}
          autoComplete="off"
          spellCheck="false"
          value={value.user}
          onChange={(user) => onChange({ user })}
        />
        <TextField
          label="Password"
          type="password"
          maxLength={LOG_ON_MAX}
          autoComplete="new-password"
          placeholder={hasPassword ? "Kept, sealed" : ""}
          value={value.password}
          onChange={(password) => onChange({ password })}
        />
        <Select
          label="Transport"
          options={TRANSPORTS}
          value={value.transport}
          onChange={(id) => onChange({ transport: id === "udp" ? "udp" : "tcp" })}
        />
        <Select
          label="Shape"
          options={ratiosWith(value.ratio)}
          value={value.ratio ?? AS_THE_CAMERA_SAYS}
          onChange={(id) => onChange({ ratio: id === AS_THE_CAMERA_SAYS ? null : id })}
        />
      </div>
    </>
  );
}

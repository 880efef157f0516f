import { useState } from "react";
import { Message } from "#design-system/components/message.tsx";
import { NativeSelect } from "#design-system/components/native-select.tsx";
import type { AccessPlace } from "../service-client/access.ts";
import { useChoices } from "../service-client/catalogue.ts";
import { AccessPanel } from "./access-panel.tsx";
import styles from "./access-panel.module.css";
import { ServiceFailure } from "./service-failure.tsx";

const UNFILED = "";

/** What a new case of a department, and new evidence in no case, begin with. */
export function DefaultAccess() {
  const choices = useChoices();
  const [chosen, setChosen] = useState(UNFILED);
  if (choices.isPending) return <Message busy title="Asking the service…" />;
  if (choices.isError && choices.data === undefined) {
    return <ServiceFailure error={choices.error} onRetry={() => void choices.refetch()} />;
  }
  const options = [
    { value: UNFILED, text: "New evidence in no case" },
    ...choices.data.departments.map(({ id, name }) => ({
      value: id,
      text: `New cases of ${name}`,
    })),
  ];
  const place: AccessPlace = chosen === UNFILED ? { kind: "unfiled" } : { kind: "department", id: chosen };
  return (
    <div className={styles["form"]}>
      <div>
        <NativeSelect
          label="What begins with this access"
          options={options}
          value={chosen}
          onChoose={setChosen}
        />
      </div>
      <AccessPanel
        key={chosen}
        place={place}
        title={`Who sees ${chosen === UNFILED ? "new evidence in no case" : "new cases of this department"}`}
        emptyText="Only those who make it, and those who manage every case and evidence."
      />
    </div>
  );
}

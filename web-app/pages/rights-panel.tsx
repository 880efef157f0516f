import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Checkbox } from "#design-system/components/checkbox.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { WebAccountRight } from "#shared/web-api/account-right.ts";
import type { WebGroup } from "#shared/web-api/people.ts";
import { ChangeStatus } from "./change-status.tsx";
import styles from "./people.module.css";
import { RIGHTS } from "./rights-words.ts";

interface RightsPanelProps {
  /** As the service has them. */
  readonly given: readonly WebAccountRight[];
  /** Groups that give rights too; none of a group itself. */
  readonly groups: readonly WebGroup[];
  /** Of a console's or a program's account: what those may is shown as well. */
  readonly isOfProgram?: boolean;
  readonly change: { readonly isPending: boolean; readonly error: unknown };
  readonly onSave: (rights: readonly WebAccountRight[]) => void;
}

const ALL = Object.keys(RIGHTS) as WebAccountRight[];
const sameRights = (one: readonly string[], other: readonly string[]): boolean =>
  one.toSorted().join() === other.toSorted().join();

/** What a person or a group may do, in plain words; it is saved as a whole. */
export function RightsPanel({ given, groups, isOfProgram = false, change, onSave }: RightsPanelProps) {
  const [chosen, setChosen] = useState(given);
  const [before, setBefore] = useState(given);
  if (!sameRights(before, given)) {
    // Somebody has saved, here or elsewhere: what the service has is shown.
    setBefore(given);
    setChosen(given);
  }
  const isChanged = !sameRights(chosen, given);
  const shown = ALL.filter(
    (code) => isOfProgram || RIGHTS[code].isForPrograms !== true || given.includes(code),
  );
  const save = (event: FormEvent) => {
    event.preventDefault();
    onSave(chosen);
  };
  const toggle = (code: WebAccountRight, isChosen: boolean) =>
    setChosen(isChosen ? [...chosen, code] : chosen.filter((one) => one !== code));
  return (
    <Panel title="Rights">
      <form className={styles["form"]} onSubmit={save}>
        {shown.map((code) => (
          <div key={code} className={styles["right"]}>
            <Checkbox isSelected={chosen.includes(code)} onChange={(isChosen) => toggle(code, isChosen)}>
              <span className={styles["rightName"]}>{RIGHTS[code].name}</span>
              <Quiet> {RIGHTS[code].says}</Quiet>
            </Checkbox>
            <GivenByGroups code={code} groups={groups} />
          </div>
        ))}
        <div className={styles["end"]}>
          <ChangeStatus error={change.error}>{isChanged && "Not saved yet."}</ChangeStatus>
          <Button type="submit" isPending={change.isPending} isDisabled={!isChanged}>
            Save rights
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function GivenByGroups({
  code,
  groups,
}: {
  readonly code: WebAccountRight;
  readonly groups: readonly WebGroup[];
}) {
  const names = groups.filter(({ rights }) => rights.includes(code)).map(({ name }) => bidiIsolated(name));
  if (names.length === 0) return null;
  return <p className={styles["byGroup"]}>Has it by: {names.join(", ")}</p>;
}

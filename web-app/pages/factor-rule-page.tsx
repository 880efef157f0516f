import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Checkbox } from "#design-system/components/checkbox.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import type { WebAccountRight } from "#shared/web-api/account-right.ts";
import type { WebSecondFactorRule } from "#shared/web-api/second-factor.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useFactorRule, useFactorRuleChange } from "../service-client/second-factor.ts";
import { ChangeStatus } from "./change-status.tsx";
import { usePageTitle } from "./page-title.ts";
import people from "./people.module.css";
import styles from "./record-page.module.css";
import { RIGHTS } from "./rights-words.ts";
import { ServiceFailure } from "./service-failure.tsx";

/** Who has to have a second factor. */
export function FactorRulePage() {
  usePageTitle("Second factor");
  const rule = useFactorRule();
  return (
    <div className={styles["page"]}>
      <nav className={styles["crumbs"]} aria-label="You are here">
        <RouteLink to={{ page: "people", text: "" }}>All people</RouteLink>
      </nav>
      <header className={styles["header"]}>
        <h1>Second factor</h1>
      </header>
      <div className={people["narrow"]}>
        <Panel title="Who has to have one">
          {rule.data !== undefined ? (
            <RuleForm rule={rule.data} />
          ) : rule.isError ? (
            <ServiceFailure error={rule.error} onRetry={() => void rule.refetch()} />
          ) : (
            <Message busy title="Asking the service…" />
          )}
        </Panel>
      </div>
    </div>
  );
}

const OF_PEOPLE = (Object.keys(RIGHTS) as WebAccountRight[]).filter(
  (code) => RIGHTS[code].isForPrograms !== true,
);

function RuleForm({ rule }: { readonly rule: WebSecondFactorRule }) {
  const changing = useFactorRuleChange();
  const [everybody, setEverybody] = useState(rule.everybody);
  const [rights, setRights] = useState(rule.rights);
  const isChanged = everybody !== rule.everybody || OF_PEOPLE.some(differs);
  function differs(code: WebAccountRight): boolean {
    return rights.includes(code) !== rule.rights.includes(code);
  }
  const save = (event: FormEvent) => {
    event.preventDefault();
    changing.mutate({ everybody, rights });
  };
  const toggle = (code: WebAccountRight, isChosen: boolean) =>
    setRights(isChosen ? [...rights, code] : rights.filter((one) => one !== code));
  return (
    <form className={people["form"]} onSubmit={save}>
      <p>
        Whoever has to have a second factor and has none sets it up at the next sign-in, and can do nothing
        before. Everybody else may have one.
      </p>
      <Checkbox isSelected={everybody} onChange={setEverybody}>
        <span className={people["rightName"]}>Everybody</span>
      </Checkbox>
      {OF_PEOPLE.map((code) => (
        <Checkbox
          key={code}
          isSelected={everybody || rights.includes(code)}
          isDisabled={everybody}
          onChange={(isChosen) => toggle(code, isChosen)}
        >
          <span className={people["rightName"]}>{RIGHTS[code].name}</span>
          <Quiet> Whoever has this right, also by a group.</Quiet>
        </Checkbox>
      ))}
      <div className={people["end"]}>
        <ChangeStatus error={changing.error}>{isChanged && "Not saved yet."}</ChangeStatus>
        <Button type="submit" isPending={changing.isPending} isDisabled={!isChanged}>
          Save
        </Button>
      </div>
    </form>
  );
}

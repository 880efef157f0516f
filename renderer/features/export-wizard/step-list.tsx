import { classNames } from "#design-system/components/class-names.ts";
import { Icon } from "#design-system/icons/icon.tsx";
import type { ExportDraft } from "./export-draft.ts";
import styles from "./wizard-dialog.module.css";
import { STEP_TITLES, stepsFor } from "./wizard-steps.ts";

/** Where in the wizard the operator is: every step, or where there is no room for them the present one in words. */
export function StepList({ draft }: { readonly draft: ExportDraft }) {
  const steps = stepsFor(draft.association);
  const current = steps.indexOf(draft.step);
  return (
    <>
      <p className={styles["where"]}>
        Step {current + 1} of {steps.length}: {STEP_TITLES[draft.step]}
      </p>
      <ol className={styles["steps"]} aria-label="Steps">
        {steps.map((step, index) => (
          <li
            key={step}
            className={classNames(styles["step"], index < current && styles["done"])}
            {...(index === current ? { "aria-current": "step" as const } : {})}
          >
            <span className={styles["number"]} aria-hidden="true">
              {index < current ? <Icon name="check" size={10} /> : index + 1}
            </span>
            {STEP_TITLES[step]}
          </li>
        ))}
      </ol>
    </>
  );
}

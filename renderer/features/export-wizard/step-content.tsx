import { useCaseForm } from "../../main-process-client/destination.ts";
import { AssociationStep } from "./association-step.tsx";
import { CamerasStep } from "./cameras-step.tsx";
import { caseIssuesOf } from "./draft-issues.ts";
import { ExistingCaseStep } from "./existing-case-step.tsx";
import { NewCaseStep } from "./new-case-step.tsx";
import { Notice } from "./notice.tsx";
import { SummaryStep } from "./summary-step.tsx";
import { TimesStep } from "./times-step.tsx";
import type { Wizard } from "./use-wizard.ts";
import type { WizardDialogProps } from "./wizard-props.ts";

type StepContentProps = WizardDialogProps & { readonly wizard: Wizard };

export function StepContent(props: StepContentProps) {
  const { draft, cameras, wizard, siteTimeZone: timeZone } = props;
  switch (draft.step) {
    case "cameras":
      return (
        <CamerasStep
          draft={draft}
          cameras={cameras}
          camerasInTiles={props.camerasInTiles}
          timeZone={timeZone}
        />
      );
    case "times":
      return (
        <TimesStep draft={draft} issues={wizard.rowIssues} reports={wizard.reports} timeZone={timeZone} />
      );
    case "association":
      return <AssociationStep draft={draft} />;
    case "case":
      return <CaseStep {...props} />;
    case "summary":
      return (
        <SummaryStep
          partRefusal={wizard.partRefusal}
          draft={draft}
          form={wizard.caseForm}
          reports={wizard.reports}
          timeZone={timeZone}
        />
      );
  }
}

function CaseStep({ draft, wizard, siteTimeZone: timeZone }: StepContentProps) {
  const { failure } = useCaseForm();
  const common = { draft, timeZone, showsMissing: wizard.showsMissing };
  if (draft.association === "existing") return <ExistingCaseStep {...common} />;
  if (wizard.caseForm !== undefined) {
    return <NewCaseStep {...common} form={wizard.caseForm} issues={caseIssuesOf(draft, timeZone)} />;
  }
  if (failure === null) return <p role="status">Reading the account's departments and fields…</p>;
  return (
    <Notice tone="danger">
      {failure.message} {failure.action}
    </Notice>
  );
}

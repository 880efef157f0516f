import type { ExportDraft, WizardStep } from "./export-draft.ts";

/** Titles as the list of steps shows them. */
export const STEP_TITLES: Readonly<Record<WizardStep, string>> = {
  cameras: "Cameras",
  times: "Times",
  association: "Case association",
  case: "Case",
  summary: "Summary",
};

/** The steps that the chosen association needs, in order. */
export function stepsFor(association: ExportDraft["association"]): readonly WizardStep[] {
  return association === "none"
    ? ["cameras", "times", "association", "summary"]
    : ["cameras", "times", "association", "case", "summary"];
}

export function stepAfter(draft: ExportDraft): WizardStep | null {
  const steps = stepsFor(draft.association);
  return steps[steps.indexOf(draft.step) + 1] ?? null;
}

export function stepBefore(draft: ExportDraft): WizardStep | null {
  const steps = stepsFor(draft.association);
  return steps[steps.indexOf(draft.step) - 1] ?? null;
}

/**
 * Finish is offered where nothing more has to be asked: at the association when it needs no case,
 * at the case, and at the summary.
 */
export function offersFinish(draft: ExportDraft): boolean {
  if (draft.step === "association") return draft.association === "none";
  return draft.step === "case" || draft.step === "summary";
}

import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { ServiceProblem } from "../service-client/problem.ts";
import { NotFoundPage } from "./not-found-page.tsx";
import { adviceOf, sentenceOf } from "./refusal-text.ts";

interface ServiceFailureProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  /** What a 404 of the service means here. */
  readonly what?: "case" | "evidence" | "person" | "group" | "service account";
}

/** Why a page has nothing to show, and what can be done. */
export function ServiceFailure({ error, onRetry, what }: ServiceFailureProps) {
  if (what !== undefined && error instanceof ServiceProblem && error.status === 404) {
    return <NotFoundPage what={what} />;
  }
  const advice = adviceOf(error);
  return (
    <Message tone="problem" title={sentenceOf(error)}>
      {advice !== null && <p>{advice}</p>}
      <Button onPress={onRetry}>Try again</Button>
    </Message>
  );
}

import { Button } from "react-aria-components";
import { Message } from "../design-system/message.tsx";
import { isTransient, ServiceProblem } from "../service-client/problem.ts";
import { NotFoundPage } from "./not-found-page.tsx";

interface ServiceFailureProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  /** What a 404 of the service means here. */
  readonly what?: "case" | "evidence";
}

/** Why a page has nothing to show, and what can be done. */
export function ServiceFailure({ error, onRetry, what }: ServiceFailureProps) {
  if (what !== undefined && error instanceof ServiceProblem && error.status === 404) {
    return <NotFoundPage what={what} />;
  }
  return (
    <Message tone="problem" title={sentenceOf(error)}>
      {isTransient(error) && <p>It may be restarting, or the network is interrupted.</p>}
      <Button className="button" onPress={onRetry}>
        Try again
      </Button>
    </Message>
  );
}

/** One sentence for people. What is no refusal of the service is a mistake of this application. */
export function sentenceOf(error: unknown): string {
  return error instanceof ServiceProblem ? error.message : "Something went wrong in this application.";
}

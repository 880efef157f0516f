import { Component, type ErrorInfo, type ReactNode } from "react";
import { Button } from "#design-system/components/button.tsx";
import { EmptyState } from "#design-system/components/empty-state.tsx";
import { reportPageError } from "../main-process-client/page-errors.ts";

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

/** A bug in the interface must not leave an operator with an empty window: exports go on in the main process. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error("The interface failed.", error, info.componentStack);
    reportPageError(`The interface failed.${info.componentStack ?? ""}`, error);
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <EmptyState icon="warning" title="The window failed. Exports go on.">
        <Button variant="primary" onPress={() => window.location.reload()}>
          Open it again
        </Button>
      </EmptyState>
    );
  }
}

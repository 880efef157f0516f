import type { ReactNode } from "react";
import { StatusText } from "#design-system/components/text.tsx";
import { refusalText } from "./refusal-text.ts";

interface ChangeStatusProps {
  /** Why the change was refused; null while it was not. */
  readonly error: unknown;
  /** What is to be known as long as nothing was refused. */
  readonly children: ReactNode;
}

/** Beside a button that changes something: how that went. */
export function ChangeStatus({ error, children }: ChangeStatusProps) {
  return error === null ? (
    <StatusText tone="quiet">{children}</StatusText>
  ) : (
    <StatusText tone="danger">{refusalText(error)}</StatusText>
  );
}

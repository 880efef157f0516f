import type { ReactNode } from "react";

interface MessageProps {
  readonly title: string;
  readonly tone?: "plain" | "problem";
  /** Something is going on: a turning ring, and screen readers are told of changes. */
  readonly busy?: boolean;
  readonly children?: ReactNode;
}

/** A sentence in place of content: loading, nothing found, or what went wrong and what to do. */
export function Message({ title, tone = "plain", busy = false, children }: MessageProps) {
  return (
    <div className={`message message-${tone}`} role={tone === "problem" ? "alert" : "status"}>
      {busy && <span className="ring" aria-hidden="true" />}
      <p className="message-title">{title}</p>
      {children}
    </div>
  );
}

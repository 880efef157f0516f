import type { ReactElement } from "react";
import { Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components";
import styles from "./tooltip.module.css";

interface TooltipProps {
  readonly text: string;
  /** One focusable element of the design system. */
  readonly children: ReactElement;
}

export function Tooltip({ text, children }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {children}
      <AriaTooltip className={styles["tooltip"]!} offset={6}>
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  );
}

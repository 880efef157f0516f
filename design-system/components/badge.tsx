import type { ReactNode } from "react";
import { Icon, type IconName } from "../icons/icon.tsx";
import styles from "./badge.module.css";
import { classNames } from "./class-names.ts";

export type BadgeTone = "neutral" | "accent" | "danger" | "warning" | "success";

interface BadgeProps {
  readonly tone?: BadgeTone;
  readonly icon?: IconName;
  readonly children: ReactNode;
}

/** A state in a word, with a shape where colour alone would say it. */
export function Badge({ tone = "neutral", icon, children }: BadgeProps) {
  return (
    <span className={classNames(styles["badge"], styles[tone], icon === "moving" && styles["moving"])}>
      {icon !== undefined && <Icon name={icon} size={11} />}
      {children}
    </span>
  );
}

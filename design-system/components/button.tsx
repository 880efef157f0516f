import type { ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import styles from "./button.module.css";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "../icons/icon.tsx";
import { Tooltip } from "./tooltip.tsx";

interface ButtonProps extends Omit<AriaButtonProps, "children" | "className" | "style"> {
  readonly variant?: "primary" | "neutral" | "danger" | "quiet";
  readonly size?: "medium" | "small";
  readonly icon?: IconName;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = "neutral", size = "medium", icon, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={classNames(styles["button"], styles[variant], styles[size])}>
      {icon !== undefined && <Icon name={icon} size={size === "small" ? 13 : 15} />}
      <span className={styles["text"]}>{children}</span>
    </AriaButton>
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, "children" | "className" | "style" | "aria-label"> {
  readonly icon: IconName;
  /** The accessible name; also the tooltip. */
  readonly label: string;
  readonly size?: "medium" | "small";
  readonly variant?: "quiet" | "neutral" | "primary" | "danger";
  /** Beside the drawing, e.g. the seconds of a jump. */
  readonly text?: string;
  /** For buttons that stay pressed; leave out for others. */
  readonly isActive?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton(props: IconButtonProps) {
  const { icon, label, size = "medium", variant = "quiet", text, isActive, ...rest } = props;
  const look = classNames(styles["button"], styles["iconOnly"], styles[variant], styles[size]);
  return (
    <Tooltip text={label}>
      <AriaButton
        {...rest}
        aria-label={label}
        {...(isActive === undefined ? {} : { "aria-pressed": isActive })}
        className={classNames(look, isActive === true && styles["active"])}
      >
        <Icon name={icon} size={size === "small" ? 14 : 16} />
        {text !== undefined && <span className={styles["beside"]}>{text}</span>}
      </AriaButton>
    </Tooltip>
  );
}

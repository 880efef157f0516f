import { Icon } from "../icons/icon.tsx";
import styles from "./tick-box.module.css";

/** Before an entry of a list of which several can be chosen; the entry itself tells whether it is (`data-selected`). */
export function TickBox() {
  return (
    <span className={styles["box"]}>
      <Icon name="check" size={11} />
    </span>
  );
}

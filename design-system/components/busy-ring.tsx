import styles from "./busy-ring.module.css";

/** Something is going on. Words beside it say what. */
export function BusyRing({ size = 18 }: { readonly size?: number }) {
  return <span className={styles["ring"]} style={{ width: size, height: size }} aria-hidden="true" />;
}

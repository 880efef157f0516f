import styles from "./timeline-legend.module.css";

const COLOURS = [
  { id: "footage", name: "Footage" },
  { id: "gap", name: "Gap" },
  { id: "future", name: "Future" },
  { id: "range", name: "Export" },
] as const;

/** What the colours of the timelines mean. */
export function TimelineLegend() {
  return (
    <ul className={styles["legend"]} aria-label="Colours of the timelines">
      {COLOURS.map(({ id, name }) => (
        <li key={id} className={styles["entry"]}>
          <span className={styles["swatch"]} data-colour={id} />
          {name}
        </li>
      ))}
    </ul>
  );
}

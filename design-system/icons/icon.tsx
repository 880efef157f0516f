import styles from "./icon.module.css";

/** Drawn on a 16 × 16 grid, stroked with the text's colour. */
const PATHS = {
  plus: "M8 3v10M3 8h10",
  "add-all": "M3 3h4v4H3zM9 3h4v4H9zM3 9h4v4H3zM11 9v4M9 11h4",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5l3.5 3.5L13 5",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7L14 14",
  settings:
    "M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6L5 5M11 11l1.4 1.4M12.4 3.6L11 5M5 11l-1.4 1.4",
  bell: "M4 11V7a4 4 0 0 1 8 0v4l1.2 1.5H2.8zM6.7 14.2h2.6",
  pin: "M6 2h4l-.6 4.2L12 9H4l2.6-2.8zM8 9v5",
  unpin: "M6 2h4l-.6 4.2L12 9H4l2.6-2.8zM8 9v5M2.5 2.5l11 11",
  play: "M4.5 3v10l8.5-5z",
  pause: "M5 3v10M11 3v10",
  "step-back": "M11.5 3.5v9L6 8zM4 3.5v9",
  "step-forward": "M4.5 3.5v9L10 8zM12 3.5v9",
  "jump-back": "M8 3.5L3.5 8 8 12.5M13 3.5L8.5 8l4.5 4.5",
  "jump-forward": "M8 3.5L12.5 8 8 12.5M3 3.5L7.5 8 3 12.5",
  live: "M8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM4.3 11.7a5.2 5.2 0 0 1 0-7.4M11.7 4.3a5.2 5.2 0 0 1 0 7.4",
  snapshot: "M2 5h3l1-1.6h4L11 5h3v8H2zM8 11.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z",
  expand: "M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5L9 7M2.5 13.5L7 9",
  "full-screen": "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  "new-window": "M2.5 3h11v5M8 12H2.5V3M2.5 5.5h11M12 10v4M10 12h4",
  shrink: "M13 7H9V3M3 9h4v4M9 7l4.5-4.5M7 9l-4.5 4.5",
  send: "M8 11V2.5M4.5 6L8 2.5 11.5 6M2.5 10.5v3h11v-3",
  camera: "M2 5h8.5v6H2zM10.5 7.2L14 5.3v5.4l-3.5-1.9z",
  "no-signal": "M2 5h8.5v6H2zM10.5 7.2L14 5.3v5.4l-3.5-1.9zM2 14L14 2",
  record: "M8 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z",
  "chevron-down": "M4 6l4 4 4-4",
  "chevron-right": "M6 4l4 4-4 4",
  warning: "M8 2.2L14.5 13.5h-13zM8 6.5v3.5M8 11.7v.4",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.3V11M8 5v.4",
  "log-off": "M9.5 2.5H3v11h6.5M6.5 8h7M11 5.5L13.5 8 11 10.5",
  user: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.8 13.8c.6-2.6 2.6-3.9 5.2-3.9s4.6 1.3 5.2 3.9",
  retry: "M12.8 6.5A5.2 5.2 0 1 0 13 10M13.2 2.8v3.9H9.3",
  cancel: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM4 12l8-8",
  "open-external": "M9 2.5h4.5V7M13.5 2.5L7.5 8.5M11.5 9v4.5h-9v-9H7",
  sync: "M2.7 7A5.4 5.4 0 0 1 12.5 5M13.3 9A5.4 5.4 0 0 1 3.5 11M12.8 2v3.2H9.6M3.2 14v-3.2h3.2",
  trash: "M3 4.5h10M6 4.5V2.8h4v1.7M4.3 4.5l.6 9h6.2l.6-9M6.7 7v4M9.3 7v4",
  edit: "M3 13l.8-3.2L11 2.6l2.4 2.4-7.2 7.2zM9.4 4.2l2.4 2.4",
  calendar: "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.7V8l2.3 1.6",
  folder: "M2 4h4.5L8 5.5h6V13H2z",
  tray: "M2.5 8.5L4.5 3h7l2 5.5V13h-11zM2.5 8.5H6l.7 1.8h2.6l.7-1.8h3.5",
  "pattern-1": "M2.5 3h11v10h-11z",
  "pattern-2x2": "M2.5 3h11v10h-11zM8 3v10M2.5 8h11",
  "pattern-1+5": "M2.5 3h11v10h-11zM9.8 3v10M2.5 9.7h11M6.2 9.7V13M9.8 6.3h3.7",
  "pattern-3x3": "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10M2.5 6.3h11M2.5 9.7h11",
  "pattern-4x4": "M2.5 3h11v10h-11zM5.2 3v10M8 3v10M10.8 3v10M2.5 5.5h11M2.5 8h11M2.5 10.5h11",
  wait: "M4 2.5h8M4 13.5h8M5 2.5c0 3 3 4 3 5.5s-3 2.5-3 5.5M11 2.5c0 3-3 4-3 5.5s3 2.5 3 5.5",
  upload: "M8 10V3M5 6l3-3 3 3M3 13h10",
  server: "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.4M5 11h.4",
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside a name; never the only carrier of meaning, hence hidden from assistive technology. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className={styles["icon"]} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

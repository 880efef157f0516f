/** Drawn in a square of 16 units; outlined unless the name is in `FILLED`. */
const PATHS = {
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.4 7.9 3.6 3.6",
  cross: "m4 4 8 8m0-8-8 8",
  down: "m4 6.5 4 4 4-4",
  play: "M4.5 2.5v11l9-5.5z",
  pause: "M4 2.5h3v11H4zm5 0h3v11H9z",
  previousFrame: "M11.5 3v10L5.5 8zM3 3h1.6v10H3z",
  nextFrame: "M4.5 3v10l6-5zM11.4 3H13v10h-1.6z",
  back: "M3 8a5 5 0 1 0 1.7-3.8M3 2.5v3h3",
  forward: "M13 8a5 5 0 1 1-1.7-3.8M13 2.5v3h-3",
  fullScreen: "M2.5 6V2.5H6m4 0h3.5V6m0 4v3.5H10m-4 0H2.5V10",
  download: "M8 2v8m-3.5-3L8 10.5 11.5 7M3 13.5h10",
  refresh: "M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3",
} as const;

export type IconName = keyof typeof PATHS;

const FILLED: ReadonlySet<IconName> = new Set(["play", "pause", "previousFrame", "nextFrame"]);

/** Decoration only: the control that holds it has the name. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className={FILLED.has(name) ? "icon icon-filled" : "icon"} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

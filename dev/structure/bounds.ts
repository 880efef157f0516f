import { FIGURES, type Figure, type FigureName } from "./figures.ts";

/** `bound` may only fall; `wanted` is where it is to be. */
export type Bounds = Record<FigureName, { bound: number; wanted: number }>;

/** A share may move by this much without a word: one function more or less is no news. */
const PERCENT_STEP = 0.1;

/** The figures that are over their bound. */
export function overBound(figures: Record<FigureName, Figure>, bounds: Bounds): FigureName[] {
  return FIGURES.filter((name) => figures[name].value > bounds[name].bound);
}

/** Bounds as low as the figures allow, never higher than they were and never below what is wanted. */
export function lowered(figures: Record<FigureName, Figure>, bounds: Bounds): Bounds {
  const next = FIGURES.map((name) => {
    const { bound, wanted } = bounds[name];
    return [name, { bound: Math.min(bound, Math.max(wanted, roundedUp(name, figures[name].value))), wanted }];
  });
  return Object.fromEntries(next) as Bounds;
}

function roundedUp(name: FigureName, value: number): number {
  if (!name.endsWith("Percent")) return value;
  return Number((Math.ceil(value / PERCENT_STEP) * PERCENT_STEP).toFixed(1));
}

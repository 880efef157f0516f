/** What a timeline is drawn with: the design's tokens, or the system's own colours where it forces them. */
export interface TimelineColours {
  readonly ground: string;
  readonly footage: string | CanvasPattern;
  readonly gap: string | CanvasPattern;
  readonly future: string | CanvasPattern;
  readonly range: string | CanvasPattern;
  /** Of the range over what lies below it. */
  readonly rangeAlpha: number;
  readonly rangeEdge: string;
  /** A line above and below the band, where a gap has the colour of the ground; else null. */
  readonly edge: string | null;
  readonly text: string;
  readonly line: string;
  readonly playhead: string;
  readonly seam: string;
  readonly font: string;
}

/** Queries whose answer changes what a timeline is drawn with. */
export const COLOUR_QUERIES = ["(forced-colors: active)", "(prefers-color-scheme: dark)"] as const;

export function timelineColours(element: Element, context: CanvasRenderingContext2D): TimelineColours {
  return matchMedia(COLOUR_QUERIES[0]).matches ? forcedColours(element, context) : ownColours(element);
}

/** The design's tokens as a canvas can use them. */
function ownColours(element: Element): TimelineColours {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ground: token("--bg-1"),
    footage: token("--footage"),
    gap: token("--gap"),
    future: token("--future"),
    range: token("--range"),
    rangeAlpha: 0.62,
    rangeEdge: token("--range"),
    edge: null,
    text: token("--text-2"),
    line: token("--line-strong"),
    playhead: token("--danger"),
    seam: token("--warning"),
    font: fontOf(style),
  };
}

/**
 * A handful of colours, none of ours: what is footage, gap, future and export is told by how it is filled. Footage is
 * full, a gap empty, the future dotted, an export striped; the legend's swatches are filled the same.
 */
function forcedColours(element: Element, context: CanvasRenderingContext2D): TimelineColours {
  const [ground, text, mark] = systemColours(element, ["Canvas", "CanvasText", "Highlight"]);
  return {
    ground,
    footage: text,
    gap: ground,
    future: patternOf(context, {
      sizePx: 4,
      ground,
      paint: (tile) => tile.fillRect(0, 0, 1.5, 1.5),
      colour: text,
    }),
    range: patternOf(context, { sizePx: 6, ground, paint: paintStripe, colour: mark }),
    rangeAlpha: 1,
    rangeEdge: mark,
    edge: text,
    text,
    line: text,
    playhead: text,
    seam: text,
    font: fontOf(getComputedStyle(element)),
  };
}

/** A canvas knows no keyword of the system's: an element beside it is asked what each comes to. */
function systemColours<const Keywords extends readonly string[]>(
  element: Element,
  keywords: Keywords,
): { [Index in keyof Keywords]: string } {
  const probe = document.createElement("span");
  element.after(probe);
  const colours = keywords.map((keyword) => {
    probe.style.color = keyword;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colours as { [Index in keyof Keywords]: string };
}

interface PatternTile {
  readonly sizePx: number;
  readonly ground: string;
  readonly paint: (tile: OffscreenCanvasRenderingContext2D) => void;
  readonly colour: string;
}

/** @returns the plain colour where no pattern can be had */
function patternOf(
  context: CanvasRenderingContext2D,
  { sizePx, ground, paint, colour }: PatternTile,
): string | CanvasPattern {
  const canvas = new OffscreenCanvas(sizePx, sizePx);
  const tile = canvas.getContext("2d");
  if (tile === null) return colour;
  tile.fillStyle = ground;
  tile.fillRect(0, 0, sizePx, sizePx);
  tile.fillStyle = colour;
  paint(tile);
  return context.createPattern(canvas, "repeat") ?? colour;
}

/** Diagonal, and whole again beside its like. */
function paintStripe(tile: OffscreenCanvasRenderingContext2D): void {
  const size = tile.canvas.width;
  for (let x = 0; x < size; x += 1) {
    for (let y = 0; y < size; y += 1) if ((x + y) % size < size / 2) tile.fillRect(x, y, 1, 1);
  }
}

function fontOf(style: CSSStyleDeclaration): string {
  return `10px ${style.getPropertyValue("--font").trim()}`;
}

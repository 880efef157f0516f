/** The shape that a picture is watched in, width to height, as `16:9`. */
export const PICTURE_RATIO = /^([1-9]\d{0,3}):([1-9]\d{0,3})$/;

/** Shapes of cameras that do not say theirs. */
export const USUAL_RATIOS = ["4:3", "16:9", "5:4", "3:2", "1:1", "9:16", "3:4"] as const;

/** @returns null for a text that is no ratio */
export function ratioOf(text: string): { readonly width: number; readonly height: number } | null {
  const [, width, height] = PICTURE_RATIO.exec(text) ?? [];
  return width === undefined || height === undefined
    ? null
    : { width: Number(width), height: Number(height) };
}

/**
 * A long list draws only the rows in sight, and besides the one that has the focus: scrolled out of sight it would be
 * taken away, and the focus with it.
 * @param scroller holds rows with their number in `data-index`
 * @param inSight numbers of rows, ascending
 * @param count of all rows
 */
export function withFocusedRow(
  scroller: Element | null,
  inSight: readonly number[],
  count: number,
): number[] {
  const focused = document.activeElement?.closest<HTMLElement>("[data-index]") ?? null;
  const index = Number(focused?.dataset["index"]);
  const isOurs = focused !== null && scroller?.contains(focused) === true;
  if (!isOurs || !(index < count) || inSight.includes(index)) return [...inSight];
  return [...inSight, index].toSorted((a, b) => a - b);
}

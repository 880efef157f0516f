import { type Held, heldByPage } from "#e2e/proof/held-by-page.ts";
import { type ConsoleTiles, PATTERNS } from "./console-tiles.ts";

const ROUNDS = 6;
const TILES = 16;

/**
 * Does in minutes what an operator does in a day: every tile shows another camera, patterns come and go, footage further
 * away is looked at and left again. The first round counts for nothing: what is made once is there after it.
 */
export async function heldAfterChurn(
  tiles: ConsoleTiles,
  cameraNames: readonly string[],
  onRound: (round: number, held: Held) => void,
): Promise<{ readonly before: Held; readonly after: Held }> {
  const session = await tiles.page.context().newCDPSession(tiles.page);
  const held: Held[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    for (const pattern of Object.values(PATTERNS)) await tiles.choosePattern(pattern);
    for (let tile = 1; tile <= TILES; tile++) {
      await tiles.putCamera(tile, cameraNames[(tile + round) % cameraNames.length] ?? "");
      await tiles.toPlaybackAndBack(tile);
    }
    await tiles.show(TILES);
    const now = await heldByPage(session);
    held.push(now);
    onRound(round, now);
  }
  return { before: held[0]!, after: held.at(-1)! };
}

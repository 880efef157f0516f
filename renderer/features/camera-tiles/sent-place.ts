/**
 * Where a video that stands was sent. What reads its stream moves it over what it takes for holes, so that another
 * picture is shown than the one that was asked for: it is sent there again. Pure.
 */

/** A video that stands is where it was sent, but for rounding. */
const STANDS_S = 0.02;
/** Where nothing can be shown it is moved away each time. */
const AGAIN = 4;

export class SentPlace {
  #place: { readonly mediaSeconds: number; againLeft: number } | null = null;

  sent(mediaSeconds: number): void {
    this.#place = { mediaSeconds, againLeft: AGAIN };
  }

  /** It goes on from there by itself, or another source is opened. */
  forget(): void {
    this.#place = null;
  }

  /**
   * It has come to a stand.
   * @returns where it is to be sent again, media seconds; null where it is right, or nobody says where it should be
   */
  stands(mediaSeconds: number): number | null {
    const place = this.#place;
    if (place === null || place.againLeft === 0) return null;
    if (Math.abs(mediaSeconds - place.mediaSeconds) <= STANDS_S) return null;
    place.againLeft -= 1;
    return place.mediaSeconds;
  }
}

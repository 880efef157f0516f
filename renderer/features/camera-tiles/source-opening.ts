/** From the wish for another source to its first picture: what a video tells until then is of the source before. Pure. */

type Opening = "asked" | { readonly startUtcMs: number; hasBegun: boolean };

export class SourceOpening {
  #opening: Opening | null = null;

  get isUnderWay(): boolean {
    return this.#opening !== null;
  }

  /** The video is loading it: it can be sent elsewhere. */
  get hasBegun(): boolean {
    return this.#opening !== null && this.#opening !== "asked" && this.#opening.hasBegun;
  }

  /** It is being looked for. */
  ask(): void {
    this.#opening = "asked";
  }

  /** It is opened at an instant. */
  open(startUtcMs: number): void {
    this.#opening = { startUtcMs, hasBegun: false };
  }

  /** The video has begun to load what was opened last. */
  begin(): void {
    if (this.#opening !== null && this.#opening !== "asked") this.#opening.hasBegun = true;
  }

  /** Nothing is opened any more. */
  end(): void {
    this.#opening = null;
  }

  /**
   * There is a picture.
   * @param targetUtcMs where it is to be by now, null for wherever
   * @returns "before" for one of the source before, "elsewhere" for the first of the new one, when it was sent on meanwhile
   */
  shows(targetUtcMs: number | null): "before" | "elsewhere" | "there" {
    const opening = this.#opening;
    if (opening === null) return "there";
    if (opening === "asked" || !opening.hasBegun) return "before";
    this.#opening = null;
    return targetUtcMs === null || targetUtcMs === opening.startUtcMs ? "there" : "elsewhere";
  }
}

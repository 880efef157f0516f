/** Where something was taken out of the page: exact, because the browser told it at that moment. */
export interface RemovedPlace {
  readonly parent: Element;
  readonly next: Element | null;
  readonly previous: Element | null;
}

/**
 * By what was taken out, as long as something is out that had the focus. Everything taken out that is named here keeps
 * what stood beside it, which, taken out later, keeps the next: with no end to it, a page would keep all that it ever
 * showed.
 */
export class RemovedPlaces {
  #known = new WeakMap<Node, RemovedPlace>();
  #named = new Set<Element>();

  get(removed: Node): RemovedPlace | undefined {
    return this.#known.get(removed);
  }

  /** @param focused elements that have the focus, or had it under what is open now */
  note(changes: readonly MutationRecord[], focused: readonly Element[]): void {
    const lost = focused.filter(({ isConnected }) => !isConnected);
    if (lost.length === 0) return this.#forget();
    for (const change of changes)
      for (const node of change.removedNodes)
        if ([...lost, ...this.#named].some((each) => node.contains(each))) this.#add(node, change);
  }

  #forget(): void {
    if (this.#named.size === 0) return;
    this.#known = new WeakMap();
    this.#named = new Set();
  }

  #add(removed: Node, { target: parent, nextSibling, previousSibling }: MutationRecord): void {
    if (!(parent instanceof Element)) return;
    const next = elementAt(nextSibling, "nextSibling");
    const previous = elementAt(previousSibling, "previousSibling");
    this.#known.set(removed, { parent, next, previous });
    for (const each of [parent, next, previous]) if (each !== null) this.#named.add(each);
  }
}

function elementAt(node: Node | null, way: "nextSibling" | "previousSibling"): Element | null {
  let at = node;
  while (at !== null && !(at instanceof Element)) at = at[way];
  return at;
}

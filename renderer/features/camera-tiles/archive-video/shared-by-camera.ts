/** One of a kind for all live tiles of a camera: they aim at one instant and so show one picture. */
export class SharedByCamera<T> {
  readonly #make: () => T;
  readonly #shared = new Map<string, { readonly one: T; users: number }>();

  constructor(make: () => T) {
    this.#make = make;
  }

  /** Made for the first tile, gone with the last. */
  use(cameraId: string): { readonly one: T; readonly release: () => void } {
    const shared = this.#shared.get(cameraId) ?? { one: this.#make(), users: 0 };
    this.#shared.set(cameraId, shared);
    shared.users += 1;
    const release = () => {
      shared.users -= 1;
      if (shared.users === 0) this.#shared.delete(cameraId);
    };
    return { one: shared.one, release };
  }
}

import { z } from "zod";
import { type CanvasLayout, canvasLayoutSchema } from "#shared/ipc-contract/window-contract.ts";
import { type WindowPlace, windowPlaceSchema } from "./window-place.ts";

const furtherWindowSchema = z.object({
  number: z.number().int().min(2),
  place: windowPlaceSchema,
  canvas: canvasLayoutSchema,
});
export type FurtherWindow = Readonly<z.infer<typeof furtherWindowSchema>>;

/** What cannot be read, as of a later version, is as good as not remembered: windows are opened anew by a key. */
const firstWindowSchema = windowPlaceSchema.nullable().catch(null);
const furtherWindowsSchema = z.array(furtherWindowSchema).catch([]);

const FIRST = "first-window";
const furtherOf = (username: string) => `windows:${username}`;

/** As SettingsStore. */
export interface KeptSettings {
  read<T>(name: string, schema: z.ZodType<T>, fallback: T): T;
  remember(name: string, value: unknown): boolean;
}

/**
 * The windows that come back. The first one's place belongs to the machine, since it is there before anybody has logged
 * on; further windows, each with its place and its canvas, are an operator's.
 */
export class RememberedWindows {
  readonly #settings: KeptSettings;

  constructor(settings: KeptSettings) {
    this.#settings = settings;
  }

  first(): WindowPlace | null {
    return this.#settings.read<WindowPlace | null>(FIRST, firstWindowSchema, null);
  }

  keepFirst(place: WindowPlace): void {
    this.#settings.remember(FIRST, place);
  }

  /** By number. */
  of(username: string): readonly FurtherWindow[] {
    return this.#settings.read<FurtherWindow[]>(furtherOf(username), furtherWindowsSchema, []);
  }

  /** Adds a window, or changes one that is known. */
  keep(username: string, window: FurtherWindow): void {
    const all = [...this.#without(username, window.number), window];
    this.#settings.remember(
      furtherOf(username),
      all.toSorted((a, b) => a.number - b.number),
    );
  }

  /** Nothing is added by it: a window that was closed stays so. */
  keepPlace(username: string, number: number, place: WindowPlace): void {
    this.#change(username, number, { place });
  }

  keepCanvas(username: string, number: number, canvas: CanvasLayout): void {
    this.#change(username, number, { canvas });
  }

  forget(username: string, number: number): void {
    this.#settings.remember(furtherOf(username), this.#without(username, number));
  }

  #change(username: string, number: number, change: Partial<FurtherWindow>): void {
    const known = this.of(username).find((window) => window.number === number);
    if (known !== undefined) this.keep(username, { ...known, ...change });
  }

  #without(username: string, number: number): FurtherWindow[] {
    return this.of(username).filter((window) => window.number !== number);
  }
}

/** Areas and their cameras as the rows of a tree. Pure. */
import type { Camera } from "#shared/domain/camera.ts";
import { cameraMatcher } from "../../main-process-client/searched-cameras.ts";

export type AreaRow =
  | {
      readonly kind: "area";
      readonly id: string;
      readonly name: string;
      readonly cameras: number;
      readonly isOpen: boolean;
      /** Place among its siblings, from 1, and their number, for assistive technology. */
      readonly place: number;
      readonly siblings: number;
    }
  | {
      readonly kind: "camera";
      readonly id: string;
      readonly name: string;
      readonly camera: Camera;
      readonly place: number;
      readonly siblings: number;
    };

const byName = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/**
 * Areas by name, each with its cameras by name.
 * @param text cameras whose name or area holds every word of it; a search opens all areas
 * @param closedAreas names of areas whose cameras are hidden
 */
export function areaRows(
  cameras: readonly Camera[],
  text: string,
  closedAreas: ReadonlySet<string>,
): AreaRow[] {
  const isSearched = text.trim() !== "";
  const found = inOrder(cameras).filter(cameraMatcher(text));
  const areas = Map.groupBy(found, (camera) => camera.area);
  return [...areas].flatMap(([name, inArea], index): AreaRow[] => {
    const isOpen = isSearched || !closedAreas.has(name);
    const head: AreaRow = {
      kind: "area",
      id: `area ${name}`,
      name,
      cameras: inArea.length,
      isOpen,
      place: index + 1,
      siblings: areas.size,
    };
    return isOpen ? [head, ...inArea.map((camera, at) => cameraRow(camera, at + 1, inArea.length))] : [head];
  });
}

/** The order of the last list: a camera's state changes often, its name and place hardly ever. */
let ordered: { readonly list: readonly Camera[]; readonly places: readonly number[] } = {
  list: [],
  places: [],
};

/** By area, then by name. Thousands of names take long to compare. */
function inOrder(cameras: readonly Camera[]): Camera[] {
  const { list } = ordered;
  const isSame =
    list.length === cameras.length &&
    cameras.every(({ name, area }, at) => name === list[at]?.name && area === list[at]?.area);
  if (!isSame) {
    const places = cameras.map((_, at) => at).sort((a, b) => compare(cameras[a]!, cameras[b]!));
    ordered = { list: cameras, places };
  }
  return ordered.places.map((at) => cameras[at]!);
}

function compare(a: Camera, b: Camera): number {
  return byName.compare(a.area, b.area) || byName.compare(a.name, b.name);
}

function cameraRow(camera: Camera, place: number, siblings: number): AreaRow {
  return { kind: "camera", id: `camera ${camera.id}`, name: camera.name, camera, place, siblings };
}

/** So many rows on, or back, as far as there are rows. */
export function rowAtStep(rows: readonly AreaRow[], at: number, step: number): number {
  return Math.max(0, Math.min(rows.length - 1, at + step));
}

/** The area's own row of a camera's row. */
export function parentRow(rows: readonly AreaRow[], at: number): number {
  const above = rows.slice(0, at + 1).findLastIndex((row) => row.kind === "area");
  return above < 0 ? at : above;
}

/** The next row, round the end, whose name starts with a letter. */
export function rowByLetter(rows: readonly AreaRow[], at: number, letter: string): number {
  const wanted = letter.toLocaleLowerCase();
  for (let step = 1; step <= rows.length; step += 1) {
    const index = (at + step) % rows.length;
    if (rows[index]!.name.toLocaleLowerCase().startsWith(wanted)) return index;
  }
  return at;
}

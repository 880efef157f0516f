import { readingOf } from "#shared/domain/names-alike.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";

interface NamedCamera {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly recorded: boolean;
}

/**
 * That no two cameras of an area, and no two areas, are told apart by what nobody reads (decision 89). What is kept
 * already stays: a camera that keeps its name and area may be changed, whatever others are called.
 * @param known all cameras; the one that is changed may be among them
 * @throws ArchiveFailure NAME_READS_ALIKE
 */
export function refuseNamesAlike(
  known: readonly NamedCamera[],
  { id, name, area }: Omit<NamedCamera, "recorded">,
): void {
  const before = known.find((camera) => camera.id === id);
  if (before?.name === name && before.area === area) return;
  const others = known.filter((camera) => camera.id !== id);
  const spellings = spellingsOf(area, others);
  const reading = readingOf(name);
  const alike = others.find((camera) => spellings.has(camera.area) && readingOf(camera.name) === reading);
  if (alike !== undefined) throw new ArchiveFailure("NAME_READS_ALIKE", cameraSentence(alike));
  const [spelling] = spellings;
  if (spelling !== undefined && !spellings.has(area))
    throw new ArchiveFailure("NAME_READS_ALIKE", areaSentence(spelling));
}

/** How an area is written so far: more than once where an older archive took several that read alike. */
function spellingsOf(area: string, cameras: readonly NamedCamera[]): ReadonlySet<string> {
  const areas = new Set(cameras.map((camera) => camera.area));
  const reading = readingOf(area);
  return new Set([...areas].filter((each) => readingOf(each) === reading));
}

function cameraSentence({ name, area, recorded }: NamedCamera): string {
  const reads = `The camera “${bidiIsolated(name)}” of the area “${bidiIsolated(area)}” reads the same`;
  return recorded
    ? `${reads}. Give this one another name.`
    : `${reads}; it is not recorded any more. Edit that one, or give this one another name.`;
}

const areaSentence = (area: string): string =>
  `The area “${bidiIsolated(area)}” reads the same. Write it like that, or give this one another name.`;

import { bidiIsolated } from "#shared/domain/names.ts";
import type { Camera, CameraProblem } from "#shared/domain/camera.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { problemWords } from "../../main-process-client/camera-words.ts";

/** Which problem each camera had when it was last looked at, by the camera's id. */
export type KnownProblems = ReadonlyMap<string, CameraProblem["code"] | null>;

/** More cameras than this are told by their number: a full disk concerns all of them. */
const NAMED_AT_MOST = 3;

export function problemsOf(cameras: readonly Camera[]): KnownProblems {
  return new Map(cameras.map(({ id, problem }) => [id, problem?.code ?? null]));
}

/**
 * What is worth saying aloud: a problem that came or went. The words of a problem that goes on may change at
 * each try; that is silent, and so is what was there when the console was opened.
 * @param known the problems before, or null when these are the first
 */
export function cameraAnnouncements(known: KnownProblems | null, cameras: readonly Camera[]): string[] {
  if (known === null) return [];
  const changed = cameras.filter(({ id, problem }) => (known.get(id) ?? null) !== (problem?.code ?? null));
  const kinds = Map.groupBy(changed, ({ problem }) => problem?.code ?? null);
  return [...kinds.values()].map((alike) => `${namesOf(alike)}: ${sentenceFor(alike[0]?.problem ?? null)}`);
}

function sentenceFor(problem: CameraProblem | null): string {
  return problem === null ? "The problem with recording is over." : problemWords(problem).sentence;
}

function namesOf(cameras: readonly Camera[]): string {
  if (cameras.length > NAMED_AT_MOST) return formatCount(cameras.length, "camera");
  return cameras.map(({ name }) => bidiIsolated(name)).join(", ");
}

import type { ProxiedRequest } from "#proofs/fault-proxy/fault-proxy.ts";
import type { KillPoint } from "./effects.ts";

/** Where a process is to be killed: at an effect on its disk, or at a request on the network. */
export interface MatrixPoint extends KillPoint {
  readonly medium: "disk" | "network";
}

/** How often each kind of effect happened in a run without a kill. */
export type EffectCounts = ReadonlyMap<string, number>;

/** With this variable set to 1 tests enumerate all; without it they take a part, which their names say. */
export const takesAll = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";

export function countsOf(kinds: Iterable<string>): EffectCounts {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Before and after every effect. */
export function everyPoint(medium: MatrixPoint["medium"], counts: EffectCounts): MatrixPoint[] {
  return [...counts].flatMap(([kind, count]) =>
    Array.from({ length: count }, (_unused, index) => index + 1).flatMap((number) => [
      { medium, kind, number, moment: "before" as const },
      { medium, kind, number, moment: "after" as const },
    ]),
  );
}

/** Of each second kind one, in turn: before the first, after one in the middle, before that, after the last. */
export function somePoints(medium: MatrixPoint["medium"], counts: EffectCounts): MatrixPoint[] {
  const kinds = [...counts].filter((_unused, index) => index % 2 === 0);
  return kinds.map(([kind, count], index) => {
    const middle = Math.ceil(count / 2);
    const number = [1, middle, middle, count][index % 4] ?? 1;
    return { medium, kind, number, moment: index % 2 === 0 ? "before" : "after" };
  });
}

/** A request without what differs from run to run. */
export function kindOfRequest({ method, path }: ProxiedRequest): string {
  const url = new URL(path, "http://service");
  const resource = url.pathname.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID");
  const part = url.searchParams.get("comp");
  return `${method} ${resource}${part === null ? "" : ` ${part}`}`;
}

export function nameOf({ moment, kind, number }: MatrixPoint): string {
  return `killed ${moment} ${kind} #${number}`;
}

/** Happens as often as time allows, and footage in as many pieces as the network makes of it. */
const AS_OFTEN_AS_IT_MAY: ReadonlySet<string> = new Set(["worker file.write", "console shown-bytes.rename"]);

/** Polls come as often as they must. */
export function mayBeMissed({ kind }: MatrixPoint): boolean {
  return AS_OFTEN_AS_IT_MAY.has(kind) || /^GET .*\/evidence\/ID\/?$/.test(kind);
}

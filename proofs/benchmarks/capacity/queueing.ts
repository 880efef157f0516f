/** Work that waits in line at stations, by events: who comes first is served first, by as many as a station has. */

export interface Station {
  readonly name: string;
  /** How many are served at a time. */
  readonly servers: number;
  /** While it is away nobody is served there; who is being served begins anew afterwards. Seconds. */
  readonly outages?: readonly { readonly fromS: number; readonly untilS: number }[];
}

/** One thing to do, at stations in their order. */
export interface Task {
  readonly kind: string;
  readonly arrivesS: number;
  /** Seconds at the stations, which are named. */
  readonly steps: readonly { readonly station: string; readonly takesS: number }[];
}

export interface DoneTask {
  readonly kind: string;
  readonly arrivesS: number;
  readonly endedS: number;
  /** What it waited, over all stations. */
  readonly waitedS: number;
}

export interface Simulated {
  readonly done: readonly DoneTask[];
  /** By station: the share of its servers' time that somebody was served, until the last task ended. */
  readonly busy: Readonly<Record<string, number>>;
  /** By station: most who waited there at a time. */
  readonly longestLine: Readonly<Record<string, number>>;
}

interface Waiting {
  readonly task: Task;
  step: number;
  waitedS: number;
  sinceS: number;
}

interface Running {
  readonly station: Station;
  readonly line: Waiting[];
  free: number;
  busyS: number;
  longest: number;
}

interface Event {
  readonly atS: number;
  readonly happens: () => void;
}

/** A heap, the earliest on top; of two at once the one that was put first. */
class Agenda {
  readonly #events: (Event & { readonly order: number })[] = [];
  #count = 0;

  put(event: Event): void {
    const heap = this.#events;
    heap.push({ ...event, order: this.#count++ });
    let at = heap.length - 1;
    while (at > 0 && this.#isBefore(at, (at - 1) >> 1)) at = this.#swap(at, (at - 1) >> 1);
  }

  take(): Event | undefined {
    const heap = this.#events;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ;) {
      const child = [2 * at + 1, 2 * at + 2]
        .filter((each) => each < heap.length)
        .reduce((best, each) => (best < 0 || this.#isBefore(each, best) ? each : best), -1);
      if (child < 0 || !this.#isBefore(child, at)) return first;
      at = this.#swap(at, child);
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#events[one], this.#events[other]];
    if (a === undefined || b === undefined) return false;
    return a.atS < b.atS || (a.atS === b.atS && a.order < b.order);
  }

  #swap(one: number, other: number): number {
    const [a, b] = [this.#events[one], this.#events[other]];
    if (a !== undefined && b !== undefined) [this.#events[one], this.#events[other]] = [b, a];
    return other;
  }
}

/** @throws Error where a task names a station that is not there */
export function simulate(stations: readonly Station[], tasks: Iterable<Task>): Simulated {
  const agenda = new Agenda();
  const running = new Map(
    stations.map((station): [string, Running] => [
      station.name,
      { station, line: [], free: station.servers, busyS: 0, longest: 0 },
    ]),
  );
  const done: DoneTask[] = [];
  let nowS = 0;

  const stationOf = (waiting: Waiting): Running | null => {
    const step = waiting.task.steps[waiting.step];
    if (step === undefined) return null;
    const found = running.get(step.station);
    if (found === undefined) throw new Error(`There is no station ${step.station}.`);
    return found;
  };
  const arrive = (waiting: Waiting): void => {
    const at = stationOf(waiting);
    if (at === null) {
      const { kind, arrivesS } = waiting.task;
      done.push({ kind, arrivesS, endedS: nowS, waitedS: waiting.waitedS });
      return;
    }
    waiting.sinceS = nowS;
    at.line.push(waiting);
    at.longest = Math.max(at.longest, at.line.length - at.free);
    serve(at);
  };
  const serve = (at: Running): void => {
    while (at.free > 0) {
      const waiting = at.line.shift();
      if (waiting === undefined) return;
      at.free -= 1;
      const takesS = waiting.task.steps[waiting.step]?.takesS ?? 0;
      const { beginsS, endsS } = served(at.station, nowS, takesS);
      waiting.waitedS += beginsS - waiting.sinceS;
      at.busyS += takesS;
      agenda.put({
        atS: endsS,
        happens: () => {
          at.free += 1;
          waiting.step += 1;
          arrive(waiting);
          serve(at);
        },
      });
    }
  };
  for (const task of tasks) {
    const waiting = { task, step: 0, waitedS: 0, sinceS: task.arrivesS };
    agenda.put({ atS: task.arrivesS, happens: () => arrive(waiting) });
  }
  for (let event = agenda.take(); event !== undefined; event = agenda.take()) {
    nowS = event.atS;
    event.happens();
  }
  return {
    done,
    busy: byName(running, ({ busyS, station }) => busyS / Math.max(nowS * station.servers, Number.MIN_VALUE)),
    longestLine: byName(running, ({ longest }) => longest),
  };
}

/** When somebody is served whose turn comes now: what an outage interrupts begins anew behind it. */
function served(
  { outages = [] }: Station,
  fromS: number,
  takesS: number,
): { beginsS: number; endsS: number } {
  let beginsS = fromS;
  for (const outage of outages) {
    if (beginsS + takesS > outage.fromS && beginsS < outage.untilS) beginsS = outage.untilS;
  }
  return { beginsS, endsS: beginsS + takesS };
}

function byName(all: ReadonlyMap<string, Running>, of: (one: Running) => number): Record<string, number> {
  return Object.fromEntries([...all].map(([name, one]) => [name, of(one)]));
}

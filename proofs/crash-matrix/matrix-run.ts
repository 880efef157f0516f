import { type KillReport, type Lane } from "./lane.ts";
import { mayBeMissed, type MatrixPoint } from "./kill-points.ts";

/** Goes through all points, each lane taking the next one; prints what came of it. */
export async function runMatrix(
  title: string,
  lanes: readonly Lane[],
  points: readonly MatrixPoint[],
  kill: (lane: Lane, point: MatrixPoint) => Promise<KillReport>,
): Promise<string[]> {
  const startMs = performance.now();
  const reports: KillReport[] = [];
  const queue = points.values();
  const drive = async (lane: Lane): Promise<void> => {
    for (const point of queue) {
      const report = await kill(lane, point);
      for (const fault of faultsIn(report)) console.log(`${title}: ${fault}`);
      reports.push(report);
    }
  };
  await Promise.all(lanes.map(drive));
  const faults = reports.flatMap(faultsIn);
  const reached = reports.filter((report) => report.reached).length;
  const seconds = Math.round((performance.now() - startMs) / 1000);
  console.log(`${title}: ${points.length} points, ${reached} kills, ${faults.length} faults, ${seconds} s`);
  return faults;
}

function faultsIn({ point, name, reached, faults }: KillReport): string[] {
  const missed = reached || mayBeMissed(point) ? [] : ["The point was not reached."];
  return [...missed, ...faults].map((fault) => `${name}: ${fault}`);
}

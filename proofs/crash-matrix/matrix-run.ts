import { type KillReport, type TestStand } from "./test-stand.ts";
import { mayBeMissed, type MatrixPoint } from "./kill-points.ts";

/** Goes through all points, each stand taking the next one; prints what came of it. */
export async function runMatrix(
  title: string,
  stands: readonly TestStand[],
  points: readonly MatrixPoint[],
  kill: (stand: TestStand, point: MatrixPoint) => Promise<KillReport>,
): Promise<string[]> {
  const startMs = performance.now();
  const reports: KillReport[] = [];
  const queue = points.values();
  const drive = async (stand: TestStand): Promise<void> => {
    for (const point of queue) {
      const report = await kill(stand, point);
      for (const fault of faultsIn(report)) console.log(`${title}: ${fault}`);
      reports.push(report);
    }
  };
  await Promise.all(stands.map(drive));
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

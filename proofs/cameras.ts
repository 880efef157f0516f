/**
 * npm run proofs -- cameras [short | WORDS]: records cameras that misbehave and looks at every frame. One row a case, with what is
 * wanted beside it; ends with 1 where a case is not as wanted. All cases take under ten minutes. `short` takes one, and may
 * run beside other work: it ends with 1 only for what no busy machine explains, and says all the rest. WORDS
 * choose the cases whose names hold them.
 */
import { recordCase, type CaseResult } from "#archive/testing/odd-camera/recorded-case.ts";
import { cameraCases, type CameraCase } from "#archive/testing/odd-camera/camera-cases.ts";

/** Cases at a time: each is an ffmpeg, and clips are made before. */
const AT_A_TIME = 8;

const asked = process.argv.slice(2).join(" ");
const isShort = asked === "short";
const cases = (await cameraCases(isShort)).filter(({ name }) => isShort || name.includes(asked));

const seconds = (us: number): string => `${us < 0 ? "−" : "+"}${(Math.abs(us) / 1e6).toFixed(3)}`;

function row({ name }: CameraCase, { found, wanted, failures }: CaseResult): string {
  const { share, worstUs, soundApartUs, liveDelayMs, gaps, stopMs, words } = found;
  const apart = soundApartUs === null ? "" : `, sound apart ${seconds(soundApartUs)} s`;
  const columns = [
    `${failures.length === 0 ? "as wanted" : "NOT SO   "}  ${name.padEnd(44)}`,
    `recorded ${(100 * share).toFixed(1).padStart(5)} % (wanted ${(100 * wanted.share).toFixed(1)})`,
    `worst ${seconds(worstUs)} s (wanted ±${(wanted.worstUs / 1e6).toFixed(2)})${apart}`,
    `live ${(liveDelayMs / 1000).toFixed(1)} s behind`,
    `gaps ${gaps} (wanted ${wanted.gaps})`,
    `stopped in ${(stopMs / 1000).toFixed(2)} s`,
    `says: ${words}`,
  ];
  return [columns.join("  "), ...failures.map((failure) => `           ${failure}`)].join("\n");
}

for (let at = 0; at < cases.length; at += AT_A_TIME) {
  const batch = cases.slice(at, at + AT_A_TIME);
  const results = await Promise.all(batch.map((each) => recordCase(each)));
  for (const [place, each] of batch.entries()) {
    const result = results[place];
    if (result === undefined) continue;
    console.log(row(each, result));
    if (result.failures.length === 0) continue;
    // A machine that does other things at the same time is late for cameras and recorders alike.
    const again = await recordCase(each);
    console.log(`alone:\n${row(each, again)}`);
    const counted = isShort ? again.inexcusable : again.failures;
    if (counted.length > 0) process.exitCode = 1;
  }
}

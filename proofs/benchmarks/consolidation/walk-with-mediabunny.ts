/** `node walk-with-mediabunny.ts FILE…`: goes through the table of every file's picture and prints what that took. */
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from "mediabunny";
import { usageOf } from "../export/measured-run.ts";

const begunMs = performance.now();
let frames = 0;
for (const path of process.argv.slice(2)) {
  using input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(path) });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error(`${path} holds no picture.`);
  const packets = new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true });
  for await (const _packet of packets) frames += 1;
}
const seconds = (performance.now() - begunMs) / 1000;
console.log(JSON.stringify({ bytes: 0, seconds, frames, ...(await usageOf(process.pid)) }));

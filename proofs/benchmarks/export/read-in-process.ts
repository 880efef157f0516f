/** `node read-in-process.ts DIR CAMERA FROM TO`: reads an export to /dev/null and prints what that took. */
import { closeSync, openSync, writeSync } from "node:fs";
import { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { exportDesk } from "#archive/export/export-desk.ts";
import { footageIndex } from "#archive/index/footage-index.ts";
import { openIndex } from "#archive/index/open-index.ts";
import { wholeFile } from "#media/virtual-file.ts";
import { usageOf } from "./measured-run.ts";

const [dir = "", cameraId = "", from = "", to = ""] = process.argv.slice(2);
const database = openIndex(dir);
const nothing = openSync("/dev/null", "w");
const begunMs = performance.now();
const desk = exportDesk(dir, footageIndex(database));
const planned = await desk.plan({ cameraId, range: { startUtcMs: Number(from), endUtcMs: Number(to) } });
const plannedMs = performance.now();
let bytes = 0;
const sink = new Writable({
  write(chunk: Buffer, _encoding, written) {
    bytes += writeSync(nothing, chunk);
    written();
  },
});
desk.read(planned, wholeFile(planned.plan)).pipe(sink);
await finished(sink);
const seconds = (performance.now() - begunMs) / 1000;
closeSync(nothing);
database.close();
const usage = await usageOf(process.pid);
const planSeconds = (plannedMs - begunMs) / 1000;
console.log(JSON.stringify({ bytes, seconds, planSeconds, ...usage }));

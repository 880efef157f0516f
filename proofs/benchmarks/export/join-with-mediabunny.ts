/**
 * `node join-with-mediabunny.ts FILE…`: joins an initialization segment and footage files into an MP4 that goes
 * nowhere.
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import {
  ALL_FORMATS,
  Conversion,
  Input,
  Mp4OutputFormat,
  NullTarget,
  Output,
  ReadableStreamSource,
} from "mediabunny";
import { usageOf } from "./measured-run.ts";

const paths = process.argv.slice(2);

async function* contents(): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield* createReadStream(path, { highWaterMark: 1 << 20 });
}

const begunMs = performance.now();
const stream = Readable.toWeb(Readable.from(contents(), { objectMode: false })) as ReadableStream<Uint8Array>;
const input = new Input({ formats: ALL_FORMATS, source: new ReadableStreamSource(stream) });
const output = new Output({
  format: new Mp4OutputFormat({ fastStart: "fragmented" }),
  target: new NullTarget(),
});
const conversion = await Conversion.init({ input, output });
await conversion.execute();
const seconds = (performance.now() - begunMs) / 1000;
const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
const bytes = sizes.reduce((sum, size) => sum + size, 0);
const usage = await usageOf(process.pid);
console.log(JSON.stringify({ bytes, seconds, ...usage }));

/** Makes the folder of an evidence service with a demo's cases: `node dev/demo-site/make-demo-service.ts --dir DIR`. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { seedDemo } from "#evidence-service/testing/demo-seed.ts";

const { values } = parseArgs({ options: { dir: { type: "string" } } });
if (values.dir === undefined) throw new Error("Say where: --dir DIR");
await seedDemo({ dir: resolve(values.dir) });

/**
 * Makes the demo site: `node dev/demo-site/make-demo-site.ts --site DIR [--time-zone ZONE]`. It is made beside its place and
 * moved there whole, so that an interrupted run leaves nothing that looks like a site.
 */
import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeOperatorList } from "#electron/adapters/site/operator-list.ts";
import { openSiteFolder, SITE_MARKER_FILE, writeSiteFacts } from "#electron/adapters/site/site-folder.ts";
import { seedDemo } from "#evidence-service/testing/demo-seed.ts";
import { DEMO_OPERATORS } from "./demo-operators.ts";
import { makeDemoFootage } from "./footage/make-demo-footage.ts";

const { values } = parseArgs({
  options: { site: { type: "string" }, "time-zone": { type: "string", default: "Europe/Berlin" } },
});
if (values.site === undefined) throw new Error("Say where: --site DIR");
await makeDemoSite(resolve(values.site), values["time-zone"]);

async function makeDemoSite(root: string, timeZone: string): Promise<void> {
  refuseForeignFolder(root);
  const startedMs = performance.now();
  const making = `${root}.making`;
  rmSync(making, { recursive: true, force: true });
  writeSiteFacts(making, { name: "Demo site", timeZone, demo: true });
  const site = openSiteFolder(making);
  const [footage] = await Promise.all([
    makeDemoFootage({
      dir: site.archive,
      nowUtcMs: Date.now(),
      ffmpegPath: process.env["EVIDENCE_DESK_FFMPEG"] ?? "ffmpeg",
    }),
    writeOperatorList(site.console, DEMO_OPERATORS),
    seedDemo({ dir: site.evidenceService }),
  ]);
  if (existsSync(root)) rmdirSync(root);
  renameSync(making, root);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const megabytes = Math.round(footage.lengthBytes / 1e6);
  console.error(
    `The demo site is ready: ${footage.cameraIds.length} cameras, ${megabytes} MB of footage, ${seconds} s.`,
  );
}

/** A folder that holds anything else is nobody's to overwrite. */
function refuseForeignFolder(root: string): void {
  if (!existsSync(root) || readdirSync(root).length === 0) return;
  const what = existsSync(join(root, SITE_MARKER_FILE)) ? "is a site already" : "holds other files";
  throw new Error(`${root} ${what}; choose another folder.`);
}

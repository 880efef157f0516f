/**
 * The console without its windows, in a process of its own: the real pipeline on the real adapters. Takes
 * one task after the other and answers with figures.
 */
import { mkdir } from "node:fs/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { sendingAdapters } from "#electron/sending-parts/sending-adapters.ts";
import { ownSpoolIn } from "#electron/sending-parts/console-folder.ts";
import { connect } from "#proofs/console-parts/connect.ts";
import { givenForProof } from "#proofs/console-parts/given-for-proof.ts";
import type { ConsoleAnswer, ConsoleSetup, ConsoleTask } from "./console-messages.ts";
import { measureQueue } from "./queued-segments.ts";
import { SpooledUploads } from "./spooled-uploads.ts";
import { exportWhole } from "./whole-export.ts";

/** More than any measurement writes. */
const QUOTA_BYTES = 1e12;

const setup = JSON.parse(process.argv[2] ?? "{}") as ConsoleSetup;
const given = {
  ...givenForProof(setup.folder),
  workerModule: setup.workerPath,
  archiveAddress: () => ({ baseUrl: setup.archiveUrl, token: setup.archiveToken }),
};
const adapters = sendingAdapters(given);
connect(adapters.account, setup.connectionFile);
adapters.settings.saveDestination({ ...adapters.settings.destination(), spoolQuotaBytes: QUOTA_BYTES });
const uploads = new SpooledUploads(adapters);

async function perform(task: ConsoleTask): Promise<ConsoleAnswer> {
  switch (task.kind) {
    case "whole":
      return { ok: true, figures: await withStalls(() => exportWhole({ given, adapters }, task)), paths: [] };
    case "spool":
      return {
        ok: true,
        figures: await uploads.spool(task.cameraId, task.range),
        paths: await uploads.paths(),
      };
    case "upload":
      return { ok: true, figures: await uploads.upload(), paths: await uploads.paths() };
    case "queue":
      return { ok: true, figures: await measureQueue(setup.folder, task.segments), paths: [] };
  }
}

/** Adds how long this process could not react to anything meanwhile. */
async function withStalls(work: () => Promise<Record<string, number>>): Promise<Record<string, number>> {
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  stalls.enable();
  const figures = await work();
  stalls.disable();
  return { ...figures, stallP99Ms: stalls.percentile(99) / 1e6, stallMaxMs: stalls.max / 1e6 };
}

process.on("message", (task: ConsoleTask) => {
  perform(task)
    .catch((error: unknown): ConsoleAnswer => ({ ok: false, reason: String(error) }))
    .then((answer) => process.send?.(answer))
    .catch((error: unknown) => console.error("The answer could not be sent.", error));
});

// A bench that was ended leaves nobody behind.
process.on("disconnect", () => process.exit());

await mkdir(ownSpoolIn(setup.folder), { recursive: true });
process.stdout.write(`${JSON.stringify({ ready: "yes" })}\n`);

/** What the service receives of `curl -T`, beside nginx, which writes the same to the same disk and ensures nothing. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PartResult } from "../pipeline/part-result.ts";
import { hasNginx, startNginx } from "../pipeline/nginx-receiver.ts";
import { median, printTable, round2 } from "../report.ts";
import { startService } from "./started-service.ts";

const run = promisify(execFile);
const ROUNDS = 3;
/** How many uploads at a time, of how many bytes each. */
const SIZES = [
  { uploads: 1, bytes: 256 << 20 },
  { uploads: 40, bytes: 8 << 20 },
] as const;

export async function receivePart(dir: string): Promise<PartResult | null> {
  if (!hasNginx()) {
    console.log("Receiving is not measured: nginx is not installed.");
    return null;
  }
  const service = await startService(dir);
  const nginx = await startNginx(join(dir, "nginx"));
  try {
    const figures: Record<string, number> = {};
    const ratios: Record<string, number> = {};
    for (const { uploads, bytes } of SIZES) {
      const path = join(dir, `sent-${uploads}`);
      await writeFile(path, randomBytes(bytes));
      const rates = { service: [] as number[], nginx: [] as number[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        // Of one evidence only five files are uploaded at a time.
        const addresses: string[] = [];
        while (addresses.length < uploads) {
          const { EvidenceId } = await service.site.createEvidence();
          addresses.push((await service.site.uploadAddress(EvidenceId)).Uri);
        }
        rates.service.push(await sendAll(path, bytes, addresses));
        const beside = addresses.map((_address, index) => `${nginx.url}/${round}-${index}`);
        rates.nginx.push(await sendAll(path, bytes, beside));
      }
      figures[`receive${uploads}MbPerS`] = round2(median(rates.service));
      figures[`nginx${uploads}MbPerS`] = round2(median(rates.nginx));
      ratios[`receive${uploads}ToNginx`] = round2(median(rates.service) / median(rates.nginx));
    }
    const row = ({ uploads }: { uploads: number }): string[] => [
      `${uploads} at a time`,
      ...[figures[`receive${uploads}MbPerS`], figures[`nginx${uploads}MbPerS`]].map(String),
    ];
    printTable(["curl -T", "service MB/s", "nginx MB/s"], SIZES.map(row));
    return { figures, ratios, wanted: {}, met: true };
  } finally {
    await nginx.stop();
    await service.stop();
  }
}

/** @returns megabytes a second over all */
async function sendAll(path: string, bytes: number, addresses: readonly string[]): Promise<number> {
  const begunMs = performance.now();
  await Promise.all(
    addresses.map((address) =>
      run("curl", [
        "-sS",
        "--fail",
        "-o",
        "/dev/null",
        "-T",
        path,
        "-H",
        "x-ms-blob-type: BlockBlob",
        address,
      ]),
    ),
  );
  return (addresses.length * bytes) / 1e6 / ((performance.now() - begunMs) / 1_000);
}

/** Places that a service is moved between, each made for one test. */
import { randomUUID } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { S3Settings } from "#evidence-service/blobs/s3/s3-settings.ts";
import { runMove, type MoveCommand } from "#evidence-service/moving/run-move.ts";

export interface PlaceWishes {
  readonly databaseUrl?: string | undefined;
  readonly schema?: string;
  readonly s3?: S3Settings;
}

/** A folder with settings alone. */
export async function emptyPlace(
  under: string,
  { databaseUrl, schema, s3 }: PlaceWishes = {},
): Promise<string> {
  const dir = await mkdtemp(join(under, "place-"));
  if (databaseUrl !== undefined) {
    const settings = { url: databaseUrl, schema: schema ?? `moved_${randomUUID().replaceAll("-", "")}` };
    await writeFile(join(dir, "postgres.json"), JSON.stringify(settings), { mode: 0o600 });
  }
  if (s3 !== undefined) await writeFile(join(dir, "s3-blobs.json"), JSON.stringify(s3), { mode: 0o600 });
  return dir;
}

const PLAIN = {
  compares: false,
  removesOld: false,
  backsOut: false,
  losesNewer: false,
  leavesDamaged: false,
};

export interface MoveRun {
  readonly code: number;
  readonly lines: readonly string[];
}

/** As an administrator gives it. @throws StartRefusal */
export async function moved(from: string, to: string, wishes: Partial<MoveCommand> = {}): Promise<MoveRun> {
  const lines: string[] = [];
  const code = await runMove({ ...PLAIN, from, to, say: (line) => void lines.push(line), ...wishes });
  return { code, lines };
}

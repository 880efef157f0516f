/** One archive, one evidence service and as many consoles as a test likes, all real, with seconds of footage. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { type ArchiveProgram, ask, startProgram, TEST_TOKEN } from "#archive/testing/archive-program.ts";
import type { ExportRequest } from "#shared/domain/export-request.ts";
import { cutIntoSegments, type TimeRange } from "#shared/domain/time-range.ts";
import type { ConsoleOrder } from "./console-process.ts";
import { ServiceProcess } from "./service-process.ts";
import { CAMERAS, makeTinyFootage } from "./tiny-footage.ts";

/** One footage file of the archive, so that a few seconds make several parts. */
export const SEGMENT_MAX_MS = 4_000;

/** An export of two cameras, of two parts and of one. */
export interface TinyExport {
  readonly order: ConsoleOrder;
  /** SHA-256 of what the archive gives for each part, by camera, in order. */
  readonly footage: Readonly<Record<string, readonly string[]>>;
}

export class DeskUnderTest {
  readonly dir: string;
  readonly archive: ArchiveProgram;
  readonly service: ServiceProcess;
  readonly #ranges: Readonly<Record<string, TimeRange>>;
  #footage: Record<string, string[]> = {};

  private constructor(dir: string, archive: ArchiveProgram, service: ServiceProcess, endUtcMs: number) {
    this.dir = dir;
    this.archive = archive;
    this.service = service;
    const startUtcMs = endUtcMs - 60_000;
    this.#ranges = {
      gate: { startUtcMs, endUtcMs: startUtcMs + 2 * SEGMENT_MAX_MS },
      yard: { startUtcMs, endUtcMs: startUtcMs + SEGMENT_MAX_MS },
    };
  }

  /**
   * @param size of the picture; @param noise in it, of which more makes larger files
   * @param serviceProgram words for Node, where it is another program than the service's own
   */
  static async start(size = "96x64", noise = 0, serviceProgram?: readonly string[]): Promise<DeskUnderTest> {
    const dir = await mkdtemp(join(tmpdir(), "evidence-desk-crash-"));
    const archiveFolder = join(dir, "archive");
    await mkdir(archiveFolder);
    const endUtcMs = await makeTinyFootage(archiveFolder, size, noise);
    const [archive, service] = await Promise.all([
      startProgram(archiveFolder),
      ServiceProcess.start(join(dir, "evidence-service"), serviceProgram),
    ]);
    const desk = new DeskUnderTest(dir, archive, service, endUtcMs);
    for (const camera of CAMERAS) desk.#footage[camera] = await desk.#hashesOf(camera);
    return desk;
  }

  /** A console of its own with an export of its own, both to be recognised by a new name. */
  newExport(service: ServiceProcess = this.service): TinyExport {
    const id = randomUUID();
    const request: ExportRequest = {
      requestId: id,
      cameraExports: CAMERAS.map((cameraId) => ({
        ...{ cameraId, cameraName: `Camera ${cameraId}`, name: `${cameraId} ${id}`, description: "" },
        range: this.rangeOf(cameraId),
      })),
      caseAssociation: { kind: "new", newCase: { ...BLANK_CASE, name: `Case ${id}` } },
    };
    const order: ConsoleOrder = {
      folder: join(this.dir, "consoles", id),
      archive: { baseUrl: this.archive.url, token: TEST_TOKEN },
      connectionFile: service.connectionFile,
      request,
      segmentMaxMs: SEGMENT_MAX_MS,
      proxy: null,
    };
    return { order, footage: this.#footage };
  }

  rangeOf(cameraId: string): TimeRange {
    const range = this.#ranges[cameraId];
    if (range === undefined) throw new RangeError(`There is no camera ${cameraId}.`);
    return range;
  }

  /** The footage of a part, as the archive gives it. */
  async partOf(cameraId: string, { startUtcMs, endUtcMs }: TimeRange): Promise<Buffer> {
    const path = `/cameras/${cameraId}/export.mp4?from=${startUtcMs}&to=${endUtcMs}`;
    const answer = await ask(this.archive.url, path);
    if (!answer.ok) throw new Error(`The archive answered ${answer.status}: ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** Ends everything and removes it. @returns the ids of locks that the archive still held */
  async stop(): Promise<string[]> {
    await this.service.kill();
    await this.archive.end("SIGTERM");
    const index = new Database(join(this.dir, "archive", "index.sqlite"), { readonly: true });
    const locks = index.prepare<[], string>("SELECT id FROM locks").pluck().all();
    index.close();
    await rm(this.dir, { recursive: true, force: true });
    return locks;
  }

  async #hashesOf(cameraId: string): Promise<string[]> {
    const parts = cutIntoSegments(this.rangeOf(cameraId), SEGMENT_MAX_MS);
    return await Promise.all(
      parts.map(async (part) =>
        createHash("sha256")
          .update(await this.partOf(cameraId, part))
          .digest("hex"),
      ),
    );
  }
}

const BLANK_CASE = {
  departmentId: "department-patrol",
  categoryId: null,
  recordNumber: "",
  incidentNumber: "",
  incidentStartUtcMs: null,
  incidentEndUtcMs: null,
  description: "",
  location: "",
  tags: [],
  customFields: [],
};

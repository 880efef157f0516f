/** Consoles as the program puts them together, with an archive of their own, for what happens to their service. */
import { mkdir } from "node:fs/promises";
import { admitExport } from "#electron/export-pipeline/export-intake.ts";
import { type SendingParts, sendingParts } from "#electron/sending-parts/sending-parts.ts";
import { connect } from "#proofs/console-parts/connect.ts";
import { givenForProof } from "#proofs/console-parts/given-for-proof.ts";
import { HOUR_MS } from "#shared/domain/time-range.ts";
import { makeVideo } from "./make-video.ts";
import { serveSmallArchive } from "./small-archive.ts";

const FIRST_UTC_MS = Date.UTC(2026, 10, 22, 0);

/** One console: its folder outlives its process. */
export class BackupDesk {
  readonly #folder: string;
  readonly #archiveUrl: string;
  #parts: SendingParts;
  /** What it said of mistakes of its own. */
  readonly bugs: unknown[];

  private constructor(folder: string, archiveUrl: string, connectionFile: string) {
    [this.#folder, this.#archiveUrl, this.bugs] = [folder, archiveUrl, []];
    this.#parts = this.#start(connectionFile);
  }

  static async open(folder: string, archiveUrl: string, connectionFile: string): Promise<BackupDesk> {
    await mkdir(folder, { recursive: true });
    return new BackupDesk(folder, archiveUrl, connectionFile);
  }

  #start(connectionFile: string): SendingParts {
    const parts = sendingParts({
      ...givenForProof(this.#folder),
      archiveAddress: () => ({ baseUrl: this.#archiveUrl, token: "t" }),
      onBug: (error) => this.bugs.push(error),
    });
    connect(parts.account, connectionFile);
    return parts;
  }

  /** As whoever starts the program again. */
  async restart(connectionFile: string): Promise<void> {
    await this.stop();
    this.#parts = this.#start(connectionFile);
    await this.#parts.pipeline.resume(this.#parts.account.identity());
  }

  async stop(): Promise<void> {
    await this.#parts.stop();
    this.#parts.close();
  }

  /** Presses Finish for two hours of footage. @param hour tells exports apart */
  async send(id: string, hour: number): Promise<void> {
    const { ports, pipeline, account } = this.#parts;
    const startUtcMs = FIRST_UTC_MS + hour * HOUR_MS;
    const range = { startUtcMs, endUtcMs: startUtcMs + 2 * HOUR_MS };
    const camera = { cameraId: "gate", cameraName: "Gate", name: id, description: "", range };
    const request = { requestId: id, cameraExports: [camera], caseAssociation: newCase(id) };
    const call = { signal: AbortSignal.timeout(60_000), reportWaiting: () => undefined };
    const asked = { request, createdBy: "operator", createdUtcMs: Date.now() };
    const admitted = await admitExport(asked, ports.archive, call);
    if (!admitted.ok) throw new Error(admitted.error.message);
    const { record, cameraExports } = admitted.value;
    pipeline.start({ cameraExports, record: { ...record, account: account.identity() } });
  }

  /** @param bytesPerSecond null for none */
  capUploads(bytesPerSecond: number | null): void {
    const { settings, uploadCap } = this.#parts;
    settings.saveDestination({ ...settings.destination(), bandwidthCapBytesPerSecond: bytesPerSecond });
    uploadCap.apply();
  }

  kind(id: string): string {
    return this.#parts.pipeline.status(id)?.kind ?? "not in the list";
  }

  evidenceId(id: string): string | null {
    return this.#parts.pipeline.status(id)?.cameraExports[0]?.evidenceId ?? null;
  }

  wasSentAgain(id: string): boolean {
    return this.#parts.pipeline.status(id)?.cameraExports[0]?.startedOver?.wasRestored ?? false;
  }

  async dismiss(id: string): Promise<void> {
    const dismissed = await this.#parts.pipeline.dismiss(id);
    if (!dismissed.ok) throw new Error(dismissed.error.message);
  }

  /** What it does every few minutes. */
  look(): Promise<void> {
    return this.#parts.pipeline.lookForRestorations();
  }
}

const newCase = (name: string) => ({
  kind: "new" as const,
  newCase: {
    ...{ name, departmentId: "department-patrol", categoryId: null, recordNumber: "", incidentNumber: "" },
    ...{
      incidentStartUtcMs: null,
      incidentEndUtcMs: null,
      description: "",
      location: "",
      tags: [],
      customFields: [],
    },
  },
});

/** The archive of all of them: every hour has the same two seconds. */
export async function archiveOfDesks(folder: string) {
  const video = await makeVideo(folder, "testsrc2");
  return serveSmallArchive(() => video);
}

import { portFailed } from "../ports/port-call.ts";
import { failureOfExport } from "#shared/domain/failure.ts";
import { randomUUID } from "node:crypto";
import { describeArchive } from "../ports/footage-archive-suite.ts";
import { describeDestination } from "../ports/evidence-destination-suite.ts";
import { describeJournal } from "../ports/export-journal-suite.ts";
import { describeSpool } from "../ports/segment-spool-suite.ts";
import type { Upload } from "../ports/evidence-destination.ts";
import { MemoryArchive } from "./memory-archive.ts";
import { MemoryJournal } from "./memory-journal.ts";
import { MemoryService } from "./memory-service.ts";
import { MemorySpool } from "./memory-spool.ts";

const HOUR_MS = 3_600_000;
const RECORDED = { startUtcMs: Date.UTC(2026, 0, 1, 10), endUtcMs: Date.UTC(2026, 0, 1, 11) };
const EMPTY = { startUtcMs: RECORDED.endUtcMs, endUtcMs: RECORDED.endUtcMs + HOUR_MS };
const CALL = { signal: new AbortController().signal, reportWaiting: () => undefined };

function archiveWithFootage(): MemoryArchive {
  const archive = new MemoryArchive();
  archive.emptyFromUtcMs.add(EMPTY.startUtcMs);
  return archive;
}

describeJournal("the journal in memory", () => {
  const journal = new MemoryJournal();
  return {
    journal,
    next: () => journal,
    whileFull: (work) => {
      journal.refusal = failureOfExport({ code: "JOURNAL_DISK_FULL", message: "The disk is full." });
      work();
      journal.refusal = null;
    },
    close: () => undefined,
  };
});

describeSpool("the spool in memory", async () => {
  const spool = new MemorySpool(archiveWithFootage());
  const recipient = { jwk: { kty: "RSA", kid: "k", n: "n", e: "e" }, protocol: "2.0" } as const;
  return {
    ...{ spool, recipient, recorded: RECORDED, empty: EMPTY },
    whileStuck: async (work) => {
      spool.hindrance = ({ method }) => (method === "write" ? new Promise(() => undefined) : null);
      await work();
      spool.hindrance = () => null;
    },
    close: async () => undefined,
  };
});

describeArchive("the archive in memory", async () => {
  const archive = archiveWithFootage();
  return {
    ...{ archive, cameraId: "a", recorded: RECORDED, empty: EMPTY, area: "Gate" },
    whileAway: async (work) => {
      const away = portFailed("transient", { code: "ARCHIVE_UNREACHABLE", message: "It is away." });
      archive.hindrance = () => Promise.resolve(away);
      await work();
      archive.hindrance = () => null;
    },
    close: async () => undefined,
  };
});

describeDestination("the service in memory", async () => {
  const spool = new MemorySpool(archiveWithFootage());
  const service = new MemoryService(spool);
  return {
    destination: service,
    departmentId: "security",
    spool: async () => {
      const fileId = randomUUID();
      const recipient = await service.recipientKey(CALL);
      if (!recipient.ok) throw new Error(recipient.error.message);
      const document = { fileId, text: fileId, recipient: recipient.value };
      const written = await spool.writeDocument(document, CALL);
      if (!written.ok) throw new Error(written.error.message);
      const { file, encryptionData } = written.value;
      const lengthBytes = file.ciphertextLengthBytes;
      const toSend: Upload["file"] = {
        fileId,
        folder: null,
        encryptionData,
        lengthBytes,
        blockCrcs: null,
      };
      return { file: toSend, sha512: file.ciphertextSha512 };
    },
    lose: (fileId) => spool.remove(fileId),
    damage: async (fileId) => void spool.damaged.add(fileId),
    forget: async () => service.purge(),
    close: async () => undefined,
  };
});

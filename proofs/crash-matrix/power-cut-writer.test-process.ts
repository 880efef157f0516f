/**
 * Writes what the console writes, with the console's own code, until it is killed: settings and device key once,
 * then journal commits and spool files by turns. Prints each one as a line of JSON once it counts as done.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { writeSegment } from "#electron/adapters/segment-encryptor/write-segment.ts";
import { writeDocument } from "#electron/adapters/spool/write-document.ts";
import { openJournal, openSettings, ownSpoolIn } from "#electron/sending-parts/console-folder.ts";
import { noKeyring } from "#proofs/console-parts/no-keyring.ts";
import { oneExport } from "./one-export.ts";

const SEGMENT_BYTES = 200_000;

const folder = process.argv[2] ?? "";
const spool = ownSpoolIn(folder);
mkdirSync(spool);
const { keyId } = openSettings(folder, noKeyring).deviceKey.key();
tell({ keyId });

const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
  format: "jwk",
});
const recipient = { jwk: { kty: "RSA", kid: "key", n, e }, protocol: "2.0" } as const;
const footage = createServer((_request, answer) => answer.end(randomBytes(SEGMENT_BYTES)));
footage.listen(0, "127.0.0.1");
await once(footage, "listening");
const sourceUrl = `http://127.0.0.1:${(footage.address() as AddressInfo).port}/`;

const journal = openJournal(folder);
const entry = oneExport();
journal.add(entry);
const [segment] = entry.cameraExports[0]?.segments ?? [];
if (segment === undefined) throw new Error("The export has no segment.");
const signal = new AbortController().signal;
for (let number = 1; ; number += 1) {
  journal.saveSegment({ ...segment, plannedLengthBytes: number });
  tell({ journal: number });
  const name = `${number}.enc`;
  const path = join(spool, name);
  const written =
    number % 2 === 0
      ? await writeDocument(path, { fileId: name, text: `Document ${number}`, recipient })
      : await writeSegment(
          { kind: "write", sourceUrl, sourceToken: "-", path, recipient },
          () => undefined,
          signal,
        );
  if (!written.ok) throw new Error(written.error.message);
  tell({ spooled: name, sha512: written.value.file.ciphertextSha512 });
}

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

import { createHash, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { BlockBlobClient } from "@azure/storage-blob";
import pLimit from "p-limit";
import { notePassedBytes } from "#runtime/streams/passed-bytes.ts";
import { reachFootage } from "#electron/adapters/segment-encryptor/reach-footage.ts";
import { createSegmentCipher } from "#electron/adapters/encryption/segment-cipher.ts";
import type { EncryptionProtocol } from "#shared/clearance-api/encryption.ts";

/** Bytes that a stage works on by itself. */
export const STAGE_BYTES = 512 * 1024 * 1024;
const PIECE = randomBytes(4 * 1024 * 1024);
const PIECES = STAGE_BYTES / PIECE.length;
const BLOCK = Buffer.concat([PIECE, PIECE]);
const BLOCKS_IN_FLIGHT = 4;

const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const { n = "", e = "" } = publicKey.export({ format: "jwk" });

/** The whole answer of the archive, asked for as the console asks, thrown away. */
export async function readFootage(url: string, token: string): Promise<number> {
  const answer = await reachFootage(url, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`The archive answered ${answer.status}.`);
  let bytes = 0;
  answer.footage.on("data", (piece: Buffer) => {
    notePassedBytes(piece.length);
    bytes += piece.length;
  });
  await finished(answer.footage);
  return bytes;
}

export function encrypt(protocol: EncryptionProtocol): number {
  const cipher = createSegmentCipher({ jwk: { kty: "RSA", kid: "bench", n, e }, protocol });
  for (let piece = 0; piece < PIECES; piece += 1) cipher.update(PIECE);
  cipher.final();
  return STAGE_BYTES;
}

export function hash(algorithm: "sha256" | "sha512"): number {
  const running = createHash(algorithm);
  for (let piece = 0; piece < PIECES; piece += 1) running.update(PIECE);
  running.digest();
  return STAGE_BYTES;
}

/** As the spool writes: large pieces, then everything to the disk. */
export async function writeToSpool(folder: string): Promise<number> {
  const path = join(folder, randomUUID());
  const file = await open(path, "w", 0o600);
  for (let piece = 0; piece < PIECES; piece += 1) await file.write(PIECE);
  await file.sync();
  await file.close();
  await rm(path);
  return STAGE_BYTES;
}

/** Blocks from memory with the official client, as many in flight as in an upload; nothing is committed. */
export async function stageBlocks(uri: string): Promise<number> {
  const client = new BlockBlobClient(uri);
  const limit = pLimit(BLOCKS_IN_FLIGHT);
  const count = STAGE_BYTES / BLOCK.length;
  const ids = Array.from({ length: count }, (_, index) =>
    Buffer.from(`block-${String(index).padStart(6, "0")}`),
  );
  await Promise.all(
    ids.map((id) => limit(() => client.stageBlock(id.toString("base64"), BLOCK, BLOCK.length))),
  );
  return STAGE_BYTES;
}

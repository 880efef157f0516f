/** Azurite, Azure's own emulator of its blob storage: a service that nobody here wrote. */
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const VERSION = "3.37.0";
const PROGRAM = join("node_modules", "azurite", "dist", "src", "blob", "main.js");
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/", import.meta.url));
const INSTALL_TIMEOUT_MS = 180_000;
const ACCOUNT = "evidencedesk";
const LISTENS = /listens on http:\/\/127\.0\.0\.1:(\d+)/;

/** Where the program is, or why it cannot be had here. */
export type AzuriteProgram = { readonly path: string } | { readonly missing: string };

/**
 * Fetches Azurite with npm, once for each installation of the repository's own packages. It is no dependency,
 * because nothing but these tests needs its 245 MB.
 */
export async function installAzurite(): Promise<AzuriteProgram> {
  const folder = join(CACHE, `azurite-${VERSION}`);
  const path = join(folder, PROGRAM);
  if (await exists(path)) return { path };
  await mkdir(CACHE, { recursive: true });
  const fresh = await mkdtemp(join(CACHE, "azurite-"));
  try {
    const options = ["--no-audit", "--no-fund", "--prefix", fresh];
    const signal = AbortSignal.timeout(INSTALL_TIMEOUT_MS);
    await promisify(execFile)("npm", ["install", ...options, `azurite@${VERSION}`], { signal });
    // Another test that fetched it at the same time may have been first.
    await rename(fresh, folder).catch(() => rm(fresh, { recursive: true }));
    return { path };
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    const lines = error instanceof Error ? error.message.split("\n") : [];
    const reason = lines.find((line) => line.startsWith("npm error")) ?? lines[0];
    return { missing: `npm cannot fetch it: ${reason}` };
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

export interface Azurite {
  readonly port: number;
  /** @param port where it is reached, if that is not its own */
  connectionString(port?: number): string;
  stop(): Promise<void>;
}

/** Starts it with an empty account, on loopback, and waits until it listens. */
export async function startAzurite(path: string): Promise<Azurite> {
  const folder = await mkdtemp(join(tmpdir(), "azurite-"));
  const key = randomBytes(32).toString("base64");
  const words = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--location", folder, "--silent"];
  const emulator = spawn(process.execPath, [path, ...words, "--skipApiVersionCheck"], {
    env: { ...process.env, AZURITE_ACCOUNTS: `${ACCOUNT}:${key}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await portOf(createInterface({ input: emulator.stdout }));
  return {
    port,
    connectionString: (at = port) => {
      const endpoint = `BlobEndpoint=http://127.0.0.1:${at}/${ACCOUNT}`;
      return `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${key};${endpoint};`;
    },
    stop: async () => {
      // Asked politely it would wait for connections that clients keep open.
      emulator.kill("SIGKILL");
      await once(emulator, "exit");
      await rm(folder, { recursive: true });
    },
  };
}

async function portOf(lines: AsyncIterable<string>): Promise<number> {
  for await (const line of lines) {
    const port = LISTENS.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error("Azurite ended before it listened.");
}

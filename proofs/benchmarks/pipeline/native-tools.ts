import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { NginxReceiver } from "./nginx-receiver.ts";

const run = promisify(execFile);

/**
 * One segment by the tools of any system: footage is read, hashed, encrypted, hashed again and written, put on the
 * disk, sent, and hashed once more where it has arrived. Each tool is waited for, so that all of them are counted.
 */
const ONE_SEGMENT = String.raw`
set -euo pipefail
mkfifo plain cipher
segment() {
  $HASH256 < plain > plain.sha256 & local first=$!
  $HASH512 < cipher > cipher.sha512 & local second=$!
  curl -sSf -H "authorization: Bearer $TOKEN" "$1" | tee plain |
    openssl enc -aes-256-cbc -K $(printf 'ab%.0s' {1..32}) -iv $(printf 'cd%.0s' {1..16}) | tee cipher > spooled
  wait $first $second
  sync spooled
  curl -sSf -o /dev/null -T spooled "$RECEIVER/segment-$2"
  $HASH512 < "$RECEIVED/segment-$2" > received.sha512
  cmp -s cipher.sha512 received.sha512
  rm spooled "$RECEIVED/segment-$2"
}
all() { local at=0; for url in $URLS; do segment "$url" $((at += 1)); done; }
TIMEFORMAT='%U %S'
time all
rm plain cipher
`;

/** What hashes: the tools that everybody has, or the faster ones of `openssl`. */
export const HASHING = {
  coreutils: { HASH256: "sha256sum", HASH512: "sha512sum" },
  openssl: { HASH256: "openssl dgst -sha256 -r", HASH512: "openssl dgst -sha512 -r" },
} as const;

/**
 * @param urls of the footage, one a segment
 * @returns processor seconds of the tools alone; the archive that gives the footage and the server that takes the
 *   files are processes of their own
 * @throws when a tool fails or what arrived is not what was sent
 */
export async function sendWithNativeTools(
  urls: readonly string[],
  token: string,
  nginx: NginxReceiver,
  folder: string,
  hashing: keyof typeof HASHING,
): Promise<number> {
  const env = {
    ...HASHING[hashing],
    URLS: urls.join(" "),
    TOKEN: token,
    RECEIVER: nginx.url,
    RECEIVED: nginx.received,
  };
  const { stderr } = await run("bash", ["-c", ONE_SEGMENT], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  const [, user, system] = /([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? [];
  if (user === undefined) throw new Error(`${join(folder, "spooled")}: bash told no times: ${stderr}`);
  return Number(user) + Number(system);
}

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { hasOpenssl, TestAuthority } from "./authority.ts";

const trust = new URL("../../electron/adapters/trust/trusted-authorities.ts", import.meta.url);

/** In a program of its own, because the system's store is read once. Each source breaks its lines in its own way. */
const TELL_WHAT_IS_TRUSTED = `
  import tls from "node:tls";
  import { prepareTrust, trustAuthorities } from ${JSON.stringify(trust.href)};
  const { SYSTEM, ADDED } = process.env;
  trustAuthorities([ADDED]);
  prepareTrust("https://service.example/");
  const inOneLine = (pem) => pem.split(/\\s+/).join("");
  const trusted = new Set(tls.getCACertificates("default").map(inOneLine));
  const has = (pem) => trusted.has(inOneLine(pem));
  console.log(JSON.stringify({ system: has(SYSTEM), added: has(ADDED), ofNode: tls.rootCertificates.every(has) }));
`;

test.skipIf(process.platform !== "linux" || !(await hasOpenssl()))(
  "the system's authorities, those that were added and those that came with Node are trusted together",
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "evidence-desk-trust-"));
    try {
      const system = await TestAuthority.make(join(dir, "system"), "System authority");
      const added = await TestAuthority.make(join(dir, "added"), "Added authority");
      const file = join(dir, "store.pem");
      await writeFile(file, system.pem);
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--input-type=module", "--eval", TELL_WHAT_IS_TRUSTED],
        {
          cwd: fileURLToPath(new URL("../..", import.meta.url)),
          // The system's store of Linux lies where OpenSSL has it.
          env: { ...process.env, SSL_CERT_FILE: file, SYSTEM: system.pem, ADDED: added.pem },
        },
      );
      expect(JSON.parse(stdout)).toEqual({ system: true, added: true, ofNode: true });
    } finally {
      await rm(dir, { recursive: true });
    }
  },
);

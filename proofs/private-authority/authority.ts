/** Certificate authorities of a test's own, made with the `openssl` that people make theirs with. */
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a TLS server needs. */
export interface Certificate {
  readonly key: string;
  /** With the certificates between it and the authority. */
  readonly cert: string;
}

export interface IssueOptions {
  /** As a subject alternative name has them, e.g. "DNS:localhost" or "IP:127.0.0.1". */
  readonly names: readonly string[];
  /** As openssl writes an instant, e.g. "20200101000000Z"; default from now for 30 days. */
  readonly validFrom?: string;
  readonly validTo?: string;
}

/** @returns null where there is no openssl: the reason for skipping */
export async function hasOpenssl(): Promise<boolean> {
  return await run("openssl", ["version"]).then(
    () => true,
    () => false,
  );
}

export class TestAuthority {
  readonly #folder: string;
  readonly pem: string;

  private constructor(folder: string, pem: string) {
    [this.#folder, this.pem] = [folder, pem];
  }

  /** @param name common name of the authority */
  static async make(folder: string, name: string): Promise<TestAuthority> {
    await mkdir(join(folder, "new"), { recursive: true });
    await writeFile(join(folder, "index.txt"), "");
    await writeFile(join(folder, "serial"), "1000\n");
    await writeFile(join(folder, "ca.cnf"), CONFIGURATION);
    const subject = ["-subj", `/O=Harbour/CN=${name}`, "-days", "30"];
    const extensions = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    await openssl(folder, [
      ...["req", "-x509", ...NEW_KEY, "-keyout", "ca.key", "-out", "ca.pem"],
      ...[...subject, ...extensions],
    ]);
    return new TestAuthority(folder, await readFile(join(folder, "ca.pem"), "utf8"));
  }

  async issue({ names, validFrom, validTo }: IssueOptions): Promise<Certificate> {
    const folder = this.#folder;
    const subject = (names[0] ?? "").replace(/^\w+:/, "");
    await openssl(folder, [
      "req",
      ...NEW_KEY,
      ...["-keyout", "leaf.key", "-out", "leaf.csr", "-subj", `/CN=${subject}`],
    ]);
    await writeFile(join(folder, "leaf.ext"), `subjectAltName=${names.join(",")}\n`);
    const dates = [
      ...(validFrom === undefined ? [] : ["-startdate", validFrom]),
      ...(validTo === undefined ? ["-days", "30"] : ["-enddate", validTo]),
    ];
    await openssl(folder, [
      ...["ca", "-batch", "-notext", "-config", "ca.cnf", "-in", "leaf.csr", "-out", "leaf.pem"],
      ...["-extfile", "leaf.ext", ...dates],
    ]);
    const [key, cert] = await Promise.all(
      ["leaf.key", "leaf.pem"].map((name) => readFile(join(folder, name), "utf8")),
    );
    return { key: key ?? "", cert: cert ?? "" };
  }
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

const CONFIGURATION = `
[ca]
default_ca = own
[own]
dir = .
database = ./index.txt
new_certs_dir = ./new
serial = ./serial
certificate = ./ca.pem
private_key = ./ca.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;

async function openssl(folder: string, given: readonly string[]): Promise<void> {
  await run("openssl", [...given], { cwd: folder });
}

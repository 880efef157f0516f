import { parseArgs } from "node:util";
import { ArchiveFailure } from "./ground/archive-failure.ts";

export type ArchiveCommand =
  | { readonly kind: "reindex" | "check"; readonly dir: string }
  | {
      readonly kind: "serve";
      readonly dir: string;
      readonly host: string;
      readonly port: number;
      /** Where the port is taken, any other one is. */
      readonly orAnyPort: boolean;
      readonly tls: TlsFiles | null;
      readonly token: string;
      readonly allowedOrigins: readonly string[];
      readonly exitWithParent: boolean;
    };

/** Paths of PEM files. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

export const TOKEN_VARIABLE = "EVIDENCE_DESK_ARCHIVE_TOKEN";

/** Addresses that only programs of this machine can reach. */
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

/**
 * `--dir DIR --port N [--host HOST --tls-cert FILE --tls-key FILE] [--allow-origin ORIGIN …] [--or-any-port] [--exit-with-parent]`, or `reindex --dir DIR`, or `check --dir DIR`.
 * A host other than loopback needs TLS: token and footage must not cross a network in the clear. The token comes from the environment, where other users of the machine do not see it.
 * @throws ArchiveFailure BAD_ARGUMENTS
 */
export function parseCommandLine(words: readonly string[], environment: NodeJS.ProcessEnv): ArchiveCommand {
  const { values, positionals } = parse(words);
  const { dir } = values;
  const [kind = "serve"] = positionals;
  if (dir === undefined || dir === "") throw bad("Say which folder to use: --dir DIR.");
  if (kind === "reindex" || kind === "check") return { kind, dir };
  if (kind !== "serve" || positionals.length > 1) throw bad(`There is no command ${positionals.join(" ")}.`);
  const port = Number(values.port ?? "0");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw bad(`${values.port} is not a port.`);
  const token = environment[TOKEN_VARIABLE] ?? "";
  if (!/^\S+$/.test(token)) {
    throw bad(`The variable ${TOKEN_VARIABLE} must hold the token that allows access, without spaces.`);
  }
  const allowedOrigins = values["allow-origin"] ?? [];
  const exitWithParent = values["exit-with-parent"] ?? false;
  const orAnyPort = values["or-any-port"] ?? false;
  return { kind, dir, port, orAnyPort, token, allowedOrigins, exitWithParent, ...address(values) };
}

function address(values: { host?: string; "tls-cert"?: string; "tls-key"?: string }): {
  host: string;
  tls: TlsFiles | null;
} {
  const { host = "127.0.0.1", "tls-cert": certificate, "tls-key": key } = values;
  if ((certificate === undefined) !== (key === undefined)) {
    throw bad("TLS needs both a certificate and its key: --tls-cert FILE --tls-key FILE.");
  }
  const tls = certificate === undefined || key === undefined ? null : { certificate, key };
  if (tls === null && !isLoopback(host)) {
    throw bad(
      `The archive answers on ${host} only with TLS; give --tls-cert and --tls-key, or leave --host out.`,
    );
  }
  return { host, tls };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        dir: { type: "string" },
        host: { type: "string" },
        port: { type: "string" },
        "tls-cert": { type: "string" },
        "tls-key": { type: "string" },
        "or-any-port": { type: "boolean" },
        "allow-origin": { type: "string", multiple: true },
        "exit-with-parent": { type: "boolean" },
      },
    });
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error));
  }
}

const bad = (detail: string): ArchiveFailure => new ArchiveFailure("BAD_ARGUMENTS", detail);

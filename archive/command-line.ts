import { parseArgs } from "node:util";
import { ArchiveFailure } from "./archive-failure.ts";

export type ArchiveCommand =
  | { readonly kind: "reindex" | "check"; readonly dir: string }
  | {
      readonly kind: "serve";
      readonly dir: string;
      readonly port: number;
      readonly token: string;
      readonly allowedOrigins: readonly string[];
      readonly exitWithParent: boolean;
    };

export const TOKEN_VARIABLE = "EVIDENCE_DESK_ARCHIVE_TOKEN";

/**
 * `--dir DIR --port N [--allow-origin ORIGIN …] [--exit-with-parent]`, or `reindex --dir DIR`, or `check --dir DIR`.
 * The token comes from the environment, where other users of the machine do not see it.
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
  return { kind, dir, port, token, allowedOrigins, exitWithParent: values["exit-with-parent"] ?? false };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        dir: { type: "string" },
        port: { type: "string" },
        "allow-origin": { type: "string", multiple: true },
        "exit-with-parent": { type: "boolean" },
      },
    });
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error));
  }
}

const bad = (detail: string): ArchiveFailure => new ArchiveFailure("BAD_ARGUMENTS", detail);

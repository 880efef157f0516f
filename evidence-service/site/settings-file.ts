/** Files of settings that an administrator writes: what they hold, or what is wrong with them, in words. */
import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { saysMissing } from "#runtime/files/missing-file.ts";

/** @returns null where there is no such file */
export async function settingsText(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (saysMissing(error)) return null;
    throw error;
  });
}

/** @returns what the text holds, or how it does not fit; follows the file's name and a colon */
export function parseSettings<S extends z.ZodType>(
  schema: S,
  text: string,
): { readonly settings: z.output<S> } | { readonly misfit: string } {
  const given = jsonOf(text);
  const parsed = schema.safeParse(given);
  return parsed.success ? { settings: parsed.data } : { misfit: settingsMisfit(parsed.error, given) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * What is wrong with a settings file, for whoever wrote it: which of its names, and how.
 * @param given what the file holds, once read as JSON; null where it is none
 */
function settingsMisfit({ issues: [issue] }: z.ZodError, given: unknown): string {
  if (issue?.code === "unrecognized_keys") return `“${issue.keys.join("”, “")}” is no setting of this file`;
  const [name] = issue?.path ?? [];
  if (typeof name !== "string") return "it has to hold one JSON object";
  const isThere = typeof given === "object" && given !== null && Object.hasOwn(given, name);
  return isThere ? `what it has under “${name}” cannot be used` : `“${name}” is missing`;
}

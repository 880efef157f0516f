import type { z } from "zod";

/**
 * What is wrong with a settings file, for whoever wrote it: which of its names, and how.
 * @param given what the file holds, once read as JSON; null where it is none
 */
export function settingsMisfit({ issues: [issue] }: z.ZodError, given: unknown): string {
  if (issue?.code === "unrecognized_keys") return `“${issue.keys.join("”, “")}” is no setting of this file`;
  const [name] = issue?.path ?? [];
  if (typeof name !== "string") return "it has to hold one JSON object";
  const isThere = typeof given === "object" && given !== null && Object.hasOwn(given, name);
  return isThere ? `what it has under “${name}” cannot be used` : `“${name}” is missing`;
}

import type { z } from "zod";
import type { Privilege } from "../domain/operator.ts";

/**
 * What the renderer may ask of the main process. Main parses `input`, checks `access`, and answers an
 * `Outcome` of `output`; expected failures come back as data with a stable code.
 * `access`: "anyone" before log-on, "operator" any operator logged on, or one privilege.
 */
export interface RequestDefinition<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> {
  readonly input: Input;
  readonly output: Output;
  readonly access: "anyone" | "operator" | Privilege;
}

export function request<Input extends z.ZodType, Output extends z.ZodType>(
  access: RequestDefinition["access"],
  input: Input,
  output: Output,
): RequestDefinition<Input, Output> {
  return { access, input, output };
}

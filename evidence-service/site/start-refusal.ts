export type StartRefusalCode =
  | "ALREADY_SET_UP"
  | "ARGUMENT_MISSING"
  | "ARGUMENT_WRONG"
  | "AZURE_REFUSED"
  | "AZURE_SETTINGS_NOT_PRIVATE"
  | "AZURE_SETTINGS_WRONG"
  | "AZURE_UNREACHABLE"
  | "BLOBS_ELSEWHERE"
  | "FILE_EXISTS"
  | "FOLDER_IN_USE"
  | "NAME_READS_ALIKE"
  | "NEVER_STARTED"
  | "NO_SERVICE"
  | "POSTGRES_IN_USE"
  | "POSTGRES_REFUSED"
  | "POSTGRES_SETTINGS_NOT_PRIVATE"
  | "POSTGRES_SETTINGS_WRONG"
  | "POSTGRES_UNREACHABLE"
  | "PUBLIC_URL"
  | "SCHEMA_EARLIER"
  | "SCHEMA_LATER"
  | "SETTINGS_WRONG"
  | "UNKNOWN_COMMAND"
  | "UNKNOWN_ROLE";

/** Why a service does not start, for the administrator: a stable code and a sentence, no stack. */
export class StartRefusal extends Error {
  readonly code: StartRefusalCode;

  constructor(code: StartRefusalCode, sentence: string) {
    super(sentence);
    this.code = code;
  }
}

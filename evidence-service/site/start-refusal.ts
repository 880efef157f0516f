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
  | "METADATA_ELSEWHERE"
  | "NAME_READS_ALIKE"
  | "NEVER_STARTED"
  | "NO_SERVICE"
  | "POSTGRES_IN_USE"
  | "POSTGRES_REFUSED"
  | "POSTGRES_SETTINGS_NOT_PRIVATE"
  | "POSTGRES_SETTINGS_WRONG"
  | "POSTGRES_UNREACHABLE"
  | "PUBLIC_URL"
  | "S3_BUCKET_MISSING"
  | "S3_CLOCK"
  | "S3_DEFAULT_LOCK"
  | "S3_NO_CONDITIONS"
  | "S3_NO_LOCK"
  | "S3_PATH_STYLE"
  | "S3_REFUSED"
  | "S3_REGION"
  | "S3_SETTINGS_NOT_PRIVATE"
  | "S3_SETTINGS_WRONG"
  | "S3_UNREACHABLE"
  | "S3_UNSUITABLE"
  | "SCHEMA_EARLIER"
  | "SCHEMA_LATER"
  | "SETTINGS_WRONG"
  | "SEVERAL_NEED_A_STORE"
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

/** A refusal as Azure Blob Storage words it: status, `x-ms-error-code` and a sentence. */
export class BlobError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

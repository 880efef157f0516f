/** Azure Blob Storage's own codes, as far as this service says them, and the status that it answers each with. */
const STATUS = {
  AuthenticationFailed: 403,
  AuthorizationPermissionMismatch: 403,
  BlobAlreadyExists: 409,
  BlobImmutableDueToPolicy: 409,
  BlobNotFound: 404,
  BlockCountExceedsLimit: 409,
  BlockListTooLong: 400,
  ConditionHeadersNotSupported: 400,
  ConditionNotMet: 412,
  IncompleteBody: 400,
  InvalidBlobOrBlock: 400,
  InvalidBlockId: 400,
  InvalidBlockList: 400,
  InvalidHeaderValue: 400,
  InvalidMetadata: 400,
  InvalidQueryParameterValue: 400,
  InvalidRange: 416,
  InvalidXmlDocument: 400,
  LeaseNotPresentWithBlobOperation: 412,
  Md5Mismatch: 400,
  MetadataTooLarge: 400,
  MissingContentLengthHeader: 411,
  OperationTimedOut: 408,
  RequestBodyTooLarge: 413,
  ResourceNotFound: 404,
  ServerBusy: 503,
  UnsupportedHeader: 400,
  UnsupportedQueryParameter: 400,
} as const satisfies Record<string, number>;

export type BlobErrorCode = keyof typeof STATUS;

/** A refusal as Azure Blob Storage words it: status, `x-ms-error-code` and a sentence. */
export class BlobError extends Error {
  readonly status: number;
  readonly code: BlobErrorCode;

  constructor(code: BlobErrorCode, message: string) {
    super(message);
    this.status = STATUS[code];
    this.code = code;
  }
}

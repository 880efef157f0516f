/**
 * Every refusal of the service, by its code: the status that it is answered with, and what whoever asked can do. A code
 * without both does not compile, and neither does a refusal of a code that does not stand here.
 */
import type { UnreadableCode } from "../decryption/unreadable.ts";

interface RefusalKind {
  /** RFC 9110, 15. */
  readonly status: number;
  /** For whoever asked, a person or the writer of a program. */
  readonly action: string;
}

/** Of what was read before somebody wrote it down. */
const CURRENT = "Read it again, and ask for what it is now.";
const SAME_LATER = "Wait as long as Retry-After says, then ask the same again.";
const SENT_ANEW = "Send the file anew, as another evidence.";
const ADMINISTRATOR = "Tell the administrator of the evidence service, with the code.";
const RIGHT_REQUEST = "Correct the request; the same one is refused again.";
const SIGN_IN = "Sign in, then ask again.";

const OF_REQUESTS = {
  BAD_REQUEST: { status: 400, action: RIGHT_REQUEST },
  BAD_ADDRESS: { status: 400, action: RIGHT_REQUEST },
  OTHER_HOST: {
    status: 421,
    action: "Ask under the address that the administrator has set for the service.",
  },
  CLIENT_LEFT: { status: 408, action: "Ask again, and wait for the answer." },
  NOT_FOUND: { status: 404, action: "Check whether the name is right; it may have been purged." },
  INTERNAL: { status: 500, action: ADMINISTRATOR },
  NOT_READY: { status: 503, action: SAME_LATER },
  SERVICE_DISK_FULL: {
    status: 503,
    action: "Free up space on the service's disk; then ask the same again.",
  },
  BLOBS_UNREACHABLE: { status: 503, action: SAME_LATER },
  METADATA_UNREACHABLE: { status: 503, action: SAME_LATER },
  METADATA_WENT_BACK: { status: 503, action: ADMINISTRATOR },
} as const satisfies Record<string, RefusalKind>;

const OF_CALLERS = {
  UNAUTHORIZED: { status: 401, action: "Ask for a new access token, then ask again with it." },
  INVALID_CLIENT: { status: 401, action: "Import the account's connection file again." },
  INVALID_ASSERTION: { status: 401, action: "Look at the clock of this machine, and sign a new assertion." },
  ASSERTION_REPLAYED: { status: 401, action: "Sign a new assertion for each token." },
  TOO_MANY_TOKENS: { status: 429, action: "Use a token until it ends; then ask for the next one." },
  UNKNOWN_TENANT: { status: 403, action: "Take the tenant from the account's connection file." },
  NOT_ALLOWED: {
    status: 403,
    action: "Have somebody who manages this, or people, give you the right to it.",
  },
  NOTE_OF_ANOTHER: { status: 403, action: "Write a note of your own beside it." },
  CROSS_SITE: { status: 403, action: "Open the web application under its own address, and do it there." },
  SIGNED_OUT: { status: 401, action: SIGN_IN },
  WRONG_PASSWORD: { status: 401, action: "Type user name and password again." },
  WRONG_CODE: { status: 401, action: "Type the code that the app shows now, or another recovery code." },
  PASSKEY_REFUSED: { status: 401, action: "Try again, or sign in in another way." },
  SECOND_STEP_OVER: { status: 401, action: "Begin again with user name and password." },
  LINK_NOT_GOOD: { status: 410, action: "Ask who administers people for a new link." },
  PASSWORD_TOO_SHORT: { status: 400, action: "Take a longer one: several words are easy to keep in mind." },
  PASSWORD_KNOWN: { status: 400, action: "Take another one: several words that do not belong together." },
  PASSWORD_REPEATS: { status: 400, action: "Take another one: several words that do not belong together." },
  PASSWORD_NAMES: { status: 400, action: "Take one in which others do not know the most part." },
  ACCOUNT_LOCKED: { status: 403, action: "Ask who administers people to unlock it." },
  TOO_MANY_SIGN_INS: { status: 429, action: SAME_LATER },
  SIGN_IN_BUSY: { status: 503, action: SAME_LATER },
} as const satisfies Record<string, RefusalKind>;

const OF_PEOPLE = {
  NAME_NOT_USABLE: { status: 400, action: "Type it anew." },
  PERSON_THERE: { status: 409, action: "Choose another user name, or use the account that is there." },
  PERSON_LOCKED: { status: 409, action: "Unlock the account first." },
  NO_APP_BEGUN: { status: 409, action: "Set the app up anew." },
  NO_PASSKEYS_HERE: {
    status: 409,
    action: "Set the public address of the service: a name, with https.",
  },
  TOO_MANY_PASSKEYS: { status: 409, action: "Remove one that is not used any more." },
  SECRET_UNREADABLE: { status: 409, action: "Have who administers people reset your second factor." },
  NO_SECOND_FACTOR: { status: 409, action: "Set one up first." },
  SECOND_FACTOR_REQUIRED: { status: 409, action: "Set up another one in its place." },
  GROUP_THERE: { status: 409, action: "Choose another name." },
  GROUP_HAS_RIGHTS: {
    status: 409,
    action: "Take its rights away first: those of the group, and those on cases, evidence and departments.",
  },
  NAME_THERE: { status: 409, action: "Choose another name." },
  TOO_MANY_KEYS: { status: 409, action: "Take one away that nothing uses any more." },
  LAST_KEY: { status: 409, action: "Make another key first, or lock the account." },
  KEY_IN_FOLDER: {
    status: 409,
    action: "Give consoles connection files of an account of their own, then lock this one.",
  },
  LAST_ADMINISTRATOR: { status: 409, action: "Let somebody else administer people first." },
} as const satisfies Record<string, RefusalKind>;

const OF_RECORDS = {
  UNKNOWN_DEPARTMENT: { status: 400, action: "Choose one of the departments that the service lists." },
  UNKNOWN_CATEGORY: { status: 400, action: "Choose one of the categories that the service lists." },
  INCIDENT_ENDS_BEFORE_START: { status: 400, action: "Let the incident end after it starts." },
  ENDS_BEFORE_START: { status: 400, action: "Let the range end after it starts." },
  ENDS_BEFORE_IT_BEGINS: { status: 400, action: "Let the right end after it begins." },
  NAME_TAKEN: { status: 409, action: "Give it another name." },
  LAST_DEPARTMENT: { status: 409, action: "Add another department first." },
  ORDER_DIFFERS: { status: 409, action: CURRENT },
  NOBODY_MANAGES: { status: 409, action: "Let somebody else manage it first, without an end." },
  IN_A_CASE: { status: 409, action: "Change who sees the case; the evidence in it follows." },
  CASE_CLOSED: { status: 409, action: "Have the case reopened, or choose another." },
  CASE_PROTECTED: { status: 409, action: "Have the protection of the case lifted first, if it may go." },
  NOTE_CHANGED: { status: 409, action: "Read the note again, and then correct it." },
  PROTECTED_ALREADY: { status: 409, action: "Lift that protection first, to give another reason." },
  BIN_PROTECTED: { status: 409, action: "Have the protection lifted first, if it may go." },
  SECOND_PERSON_NEEDED: { status: 409, action: "Have somebody else who may do it say so too." },
  CASE_FULL: { status: 409, action: "Make another case." },
  EVIDENCE_FULL: { status: 409, action: "Send the rest as another evidence." },
  EVIDENCE_COMPLETED: { status: 409, action: "Send it as another evidence." },
  TOO_MANY_UPLOADS: {
    status: 429,
    action: "Complete one of the files that are under way, then announce the next.",
  },
  RESOURCE_NOT_COMPLETED: { status: 409, action: "Upload the file and complete it first." },
  NOT_COMPLETED: { status: 409, action: "Wait until all of it has been sent." },
  NOT_AVAILABLE: { status: 409, action: "Wait until the evidence is available." },
  UNKNOWN_RESOURCE: { status: 409, action: CURRENT },
  CHECKSUM_MISSING: { status: 409, action: "Give a checksum for every file of the evidence." },
  CHECKSUM_MISMATCH: { status: 409, action: SENT_ANEW },
  FILE_UNREADABLE: { status: 409, action: SENT_ANEW },
  BLOB_NOT_COMMITTED: { status: 409, action: "Commit the file's block list, then complete the file again." },
  BLOB_CHANGED: { status: 409, action: "Complete the file again, with nobody writing to it." },
  ENCRYPTION_MISSING: {
    status: 409,
    action: "Write the metadata encryptiondata to the file, then complete it again.",
  },
  REGIONS_TOO_SHORT: { status: 409, action: "Encrypt the file in regions of 4 MiB." },
  UNKNOWN_KEY: {
    status: 409,
    action: "Wrap the content key for the key that the service's key store gives out.",
  },
  CONTENT_KEY_UNREADABLE: {
    status: 409,
    action: "Wrap the content key for the key that the service's key store gives out.",
  },
  FILE_DIFFERS: { status: 412, action: "Ask without the condition, from the first byte on." },
  KEY_ID_WRONG: { status: 400, action: "Name the key by the SHA-256 of its bytes." },
} as const satisfies Record<string, RefusalKind>;

/** As much as is done at a time is under way. */
const OF_TURNS = {
  SEARCH_BUSY: { status: 503, action: SAME_LATER },
  SEARCH_TOO_LONG: { status: 503, action: "Search for a longer word, or for fewer." },
  JOINS_BUSY: { status: 429, action: SAME_LATER },
  EXPORTS_BUSY: { status: 429, action: SAME_LATER },
  DOWNLOADS_BUSY: { status: 429, action: SAME_LATER },
  PIECES_BUSY: { status: 429, action: SAME_LATER },
  READINGS_BUSY: { status: 429, action: SAME_LATER },
  VERIFICATION_UNDER_WAY: {
    status: 409,
    action: "Wait until it has ended, or cancel it among the jobs of the administration page.",
  },
  VERIFYING_ALREADY: { status: 429, action: SAME_LATER },
  VERIFICATIONS_BUSY: { status: 503, action: SAME_LATER },
} as const satisfies Record<string, RefusalKind>;

const READ_AS_IT_IS = "Download the file as it is stored, and look at it with other programs.";

/** Why stored footage cannot be shown. */
const OF_FOOTAGE: Readonly<Record<UnreadableCode, RefusalKind>> = {
  FILE_MISSING: { status: 409, action: ADMINISTRATOR },
  FILE_DAMAGED: { status: 409, action: ADMINISTRATOR },
  FILE_TOO_SHORT: { status: 409, action: ADMINISTRATOR },
  TAG_MISMATCH: { status: 409, action: ADMINISTRATOR },
  REGION_OUT_OF_PLACE: { status: 409, action: ADMINISTRATOR },
  ENCRYPTION_DAMAGED: { status: 409, action: SENT_ANEW },
  KEY_UNREADABLE: { status: 409, action: ADMINISTRATOR },
  MANIFEST_NOT_CANONICAL: { status: 409, action: SENT_ANEW },
  MANIFEST_UNREADABLE: { status: 409, action: SENT_ANEW },
  NO_VIDEO: { status: 409, action: "Download the files one by one." },
  FORMAT_CHANGED: { status: 409, action: "Download the files one by one." },
  TIMES_APART: { status: 409, action: "Download the files one by one." },
  TIMES_CONTRADICT: { status: 409, action: "Download the files one by one." },
  BOX_TRUNCATED: { status: 409, action: READ_AS_IT_IS },
  BOX_MISSING: { status: 409, action: READ_AS_IT_IS },
  BOX_INVALID: { status: 409, action: READ_AS_IT_IS },
  UNSUPPORTED: { status: 409, action: READ_AS_IT_IS },
  OUT_OF_RANGE: { status: 409, action: READ_AS_IT_IS },
  NO_SAMPLES: { status: 409, action: READ_AS_IT_IS },
};

const REFUSALS = { ...OF_REQUESTS, ...OF_CALLERS, ...OF_PEOPLE, ...OF_RECORDS, ...OF_TURNS, ...OF_FOOTAGE };

export type RefusalCode = keyof typeof REFUSALS;

/** Of every code, for the description of the interface. */
export const REFUSAL_CODES = Object.keys(REFUSALS).toSorted() as [RefusalCode, ...RefusalCode[]];

export function refusalKind(code: RefusalCode): RefusalKind {
  return REFUSALS[code];
}

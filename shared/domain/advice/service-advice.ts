/** What the evidence service refuses, and what it does not have as it was sent. */
import { ADMINISTRATOR, ANEW, BY_ITSELF, type FailureAdvice } from "./advice.ts";

export const SERVICE_ADVICE = {
  BAD_REQUEST: {
    cause: "The other side does not take what the console asks, mostly because one of them is older.",
    action: ADMINISTRATOR,
  },
  NOT_ALLOWED: {
    cause: "The destination's account has no right to do this.",
    action: "Have the service's administrator give this console an account that may send, then press Retry.",
  },
  SERVICE_RESTORED: {
    cause: "The service was restored from a backup, and lacks what it acknowledged after that was made.",
    action: BY_ITSELF,
  },
  UPLOAD_NOT_ARRIVED: {
    cause: "The upload was acknowledged, and the service does not have its bytes.",
    action: "Press Retry to send them again.",
  },
  UPLOAD_URI_EXPIRED: {
    cause: "Sending took longer than the upload's address is valid.",
    action: BY_ITSELF,
  },
  UPLOAD_URI_REFUSED: {
    cause: "The store of the service's files refuses access, or its clock is wrong.",
    action: "Tell your administrator, who has the service's storage looked at; the export goes on by itself.",
  },
  UPLOAD_PLACE_GONE: {
    cause: "The service has removed the place of the upload, as it does after 24 hours.",
    action: "Press Retry to send it anew.",
  },
  STORED_LENGTH_DIFFERS: {
    cause: "The service stored a different number of bytes than was sent.",
    action: ANEW,
  },
  CONSOLIDATION_FAILED: {
    cause:
      "The service could not join the segments into one video, or found that they contradict their manifest.",
    action: `Open it in Clearance for the details. ${ANEW}`,
  },
  UNAUTHORIZED: {
    cause: "The account's token is refused: it was withdrawn, or the clocks differ.",
    action: "Have an administrator test the connection in the settings, then press Retry.",
  },
  INVALID_CLIENT: {
    cause: "The service does not know the account of the connection file.",
    action: "Have an administrator import a new connection file, then press Retry.",
  },
  INVALID_ASSERTION: {
    cause: "The service does not accept the account's signature, or the clocks differ by minutes.",
    action: "Have an administrator check this computer's clock and the connection file, then press Retry.",
  },
  ASSERTION_REPLAYED: {
    cause: "The same log-on of the account arrived twice, as over a line that repeats.",
    action: ADMINISTRATOR,
  },
  TOO_MANY_TOKENS: {
    cause: "The account logged on thousands of times within an hour, here or elsewhere.",
    action: BY_ITSELF,
  },
  UNKNOWN_TENANT: {
    cause: "The connection file is of another organisation than the service.",
    action: "Have an administrator import the right connection file, then press Retry.",
  },
  NOT_FOUND: {
    cause: "The service no longer knows the case or the evidence.",
    action: "Press Retry to send it anew. If the case is gone, create the export again with another case.",
  },
  CASE_CLOSED: {
    cause: "Somebody closed the case after it was chosen.",
    action: "Have the case reopened and press Retry, or create the export again with another case.",
  },
  CASE_PROTECTED: {
    cause: "Somebody put the evidence into a case that is protected from deletion, and it stays there.",
    action: "Have the protection of that case lifted and press Retry, or leave the evidence where it is.",
  },
  CASE_FULL: {
    cause: "The case has as many files as it may have.",
    action: "Create the export again with another case.",
  },
  UNKNOWN_DEPARTMENT: {
    cause: "The department was removed after the wizard showed it.",
    action: "Create the export again and choose another department.",
  },
  UNKNOWN_CATEGORY: {
    cause: "The category was removed after the wizard showed it.",
    action: "Create the export again and choose another category.",
  },
  INCIDENT_ENDS_BEFORE_START: {
    cause: "The incident's end lies before its start.",
    action: "Create the export again with the correct times of the incident.",
  },
  ENDS_BEFORE_START: {
    cause: "The end of the range lies before its start.",
    action: "Create the export again with the correct times.",
  },
  TOO_MANY_UPLOADS: {
    cause: "As many files of this evidence are on their way as the service takes at a time.",
    action: BY_ITSELF,
  },
  EVIDENCE_COMPLETED: {
    cause: "The evidence was completed before all of its files were sent.",
    action: `${ANEW} The one that was completed stays as it is.`,
  },
  BLOB_NOT_COMMITTED: {
    cause: "The service does not have the file that should be completed.",
    action: "Press Retry to send it again.",
  },
  NOT_READY: {
    cause: "The service is about to end, as it does before an update.",
    action: BY_ITSELF,
  },
  BLOBS_UNREACHABLE: {
    cause: "The service does not reach the store that it keeps its files in.",
    action: "It is tried again by itself. If it stays that way, tell the service's administrator.",
  },
  METADATA_UNREACHABLE: {
    cause: "The service does not reach the database that it keeps its records in.",
    action: "It is tried again by itself. If it stays that way, tell the service's administrator.",
  },
  METADATA_WENT_BACK: {
    cause: "The database of the service lacks what the service had acknowledged.",
    action: "Tell the service's administrator; sending goes on by itself once that is mended.",
  },
  BLOB_CHANGED: {
    cause: "The file changed at the service while it was completed.",
    action: "Press Retry.",
  },
  ENCRYPTION_MISSING: {
    cause: "The file arrived without the description of its encryption.",
    action: "Press Retry to send it again.",
  },
  UNKNOWN_KEY: {
    cause: "The service has changed the key for which the console encrypts.",
    action: ANEW,
  },
  CONTENT_KEY_UNREADABLE: {
    cause: "The service cannot open the key of the file.",
    action: ANEW,
  },
  CHECKSUM_MISMATCH: {
    cause: "The service's bytes are not those that were encrypted.",
    action: `${ANEW} Tell your administrator: something changes bytes on the way.`,
  },
  SERVICE_DISK_FULL: {
    cause: "The disk of the evidence service is full.",
    action: "Tell your administrator; sending goes on by itself when there is room.",
  },
  EVIDENCE_FULL: {
    cause: "The evidence has as many files as the service takes.",
    action: "Cancel this export and create exports of shorter ranges.",
  },
  FILE_UNREADABLE: {
    cause: "The service has the file as it was sent, and cannot decrypt it.",
    action: ANEW,
  },
  CHECKSUM_MISSING: {
    cause: "The service has a file that the console does not name.",
    action: ADMINISTRATOR,
  },
  RESOURCE_NOT_COMPLETED: {
    cause: "A file of the evidence was not completed.",
    action: "Press Retry.",
  },
  UNKNOWN_RESOURCE: {
    cause: "The service does not know a file of the evidence.",
    action: "Press Retry to send it anew.",
  },
} as const satisfies Record<string, FailureAdvice>;

/**
 * What is behind the failures of exports, by code: why each comes about, and what the operator can do. One long table,
 * so that the words for what is alike stand beside each other.
 */
import type { Failure } from "./failure.ts";

export interface FailureAdvice {
  readonly cause: string;
  readonly action: string;
}

const BY_ITSELF = "Nothing: it is tried again by itself. If it lasts, tell your administrator.";
const ANEW = "Press Retry: it is read and sent anew, as another evidence.";
const ADMINISTRATOR = "Press Retry. If it comes back, tell your administrator the sentence.";

const ADVICE: Readonly<Record<string, FailureAdvice>> = {
  ARCHIVE_UNREACHABLE: {
    cause: "The archive is starting, has stopped, or the line to it is cut.",
    action: BY_ITSELF,
  },
  UNKNOWN_CAMERA: {
    cause: "The camera was removed from the archive after the export was made.",
    action: "Cancel this export. An administrator can add the camera again.",
  },
  NO_FOOTAGE: {
    cause: "Nothing was recorded of the camera in the range, or retention has removed it.",
    action: "Cancel this export and choose a range that the timeline shows white.",
  },
  RANGE_TOO_LONG: {
    cause: "The archive gives at most 24 hours at once.",
    action: "Cancel this export and make several shorter ones.",
  },
  CODEC_CHANGED: {
    cause: "The camera's picture codec changed within the range, and one video cannot hold both.",
    action: "Cancel this export and make two: one that ends at the change, and one that begins there.",
  },
  FOOTAGE_LOST: {
    cause:
      "The archive's disk is not there, or a recorded file is in the archive's index and no longer on it.",
    action:
      "Have your administrator look at the archive's disk, then Retry. What stays lost can be left out of a new export.",
  },
  FOOTAGE_GONE: {
    cause:
      "Retention, a failing disk or a person has taken it since. Everything else is kept for this export.",
    action:
      "Send without it sends what is left and states what is missing. Retry looks for it once more. Tell your administrator.",
  },
  NO_PROGRESS: {
    cause: "Nothing has moved between the console and the other side for a minute.",
    action: BY_ITSELF,
  },
  FOOTAGE_CUT_SHORT: {
    cause: "The archive ended its answer before the footage was complete.",
    action: BY_ITSELF,
  },
  BAD_REQUEST: {
    cause: "The other side does not take what the console asks, mostly because one of them is older.",
    action: ADMINISTRATOR,
  },
  JOURNAL_DISK_FULL: {
    cause: "The console's own disk is full, and what cannot be written down would be lost with a power cut.",
    action: "Have room made on that disk; it goes on by itself.",
  },
  JOURNAL_NOT_WRITTEN: {
    cause: "The console's own disk does not take what is written, as one that fails or can only be read.",
    action: "Have your administrator look at that disk; once it can be written, it goes on by itself.",
  },
  SPOOL_FULL: {
    cause: "As many bytes wait for being sent as the spool may hold.",
    action: "Nothing needs to be done unless uploads stand still.",
  },
  SPOOL_DISK_FULL: {
    cause: "The disk of the spool folder has no room beyond its reserve.",
    action: "Free space on it; the export goes on by itself.",
  },
  SPOOL_DISK_QUOTA: {
    cause: "The system allows this user only so much on the disk of the spool folder.",
    action: "Have the quota raised, or files of this user removed; the export goes on by itself.",
  },
  SPOOL_PART_TOO_LARGE: {
    cause: "An hour of this camera is larger than the whole disk of the spool folder.",
    action: "Have an administrator choose a spool folder on a larger disk in the settings, then press Retry.",
  },
  SPOOL_FILE_TOO_LARGE: {
    cause: "The disk is formatted for files of at most 4 GiB (FAT32), or the system limits their size.",
    action: "Have an administrator choose a spool folder on another disk in the settings, then press Retry.",
  },
  SPOOL_READ_ONLY: {
    cause: "The disk is protected, or the system stopped writing to it after an error.",
    action: "Have an administrator make it writable or choose another; the export goes on by itself.",
  },
  SPOOL_ACCESS_DENIED: {
    cause: "The rights of the spool folder were changed, or it belongs to another user.",
    action: "Have an administrator give the rights back or choose another; the export goes on by itself.",
  },
  SPOOL_FOLDER_MISSING: {
    cause: "Its disk is not plugged in or not mounted, or somebody moved or removed the folder.",
    action: "Connect the disk, or bring the folder back; the export goes on by itself.",
  },
  SPOOL_NOT_A_FOLDER: {
    cause: "The folder was removed, and a file of its name, or of a folder above it, was made.",
    action: "Remove the file or choose another folder in the settings; the export goes on by itself.",
  },
  SPOOL_DISK_FAILING: {
    cause: "Reading or writing failed on the disk itself.",
    action: "Tell your administrator: the disk may be failing. It is tried again by itself.",
  },
  SPOOL_DISK_UNSUITABLE: {
    cause: "The disk's format or its driver lacks a call on which the spool depends, such as fsync.",
    action: "Have an administrator choose a spool folder on another disk in the settings, then press Retry.",
  },
  SPOOL_SHARE_AWAY: {
    cause: "The line to the computer that shares the folder is cut, or it has stopped.",
    action: BY_ITSELF,
  },
  SPOOL_DISK_SILENT: {
    cause: "The folder's disk, or the computer that shares it, has stopped answering without saying so.",
    action:
      "Tell your administrator. It goes on by itself once the disk answers, or another folder is chosen in the settings.",
  },
  SPOOL_TOO_MANY_OPEN: {
    cause: "This program, or all together, have as many files open as the system allows.",
    action: BY_ITSELF,
  },
  SPOOL_NOT_WRITABLE: {
    cause: "The system refused the spool folder for a reason that the console does not know.",
    action: "Have an administrator check the spool folder in the settings; it is tried again by itself.",
  },
  SPOOL_FILE_LOST: {
    cause: "Something removes encrypted files from the spool: this one was made anew three times.",
    action:
      "Bring the disk back or have another spool folder chosen, then press Retry: the file is made anew from the archive.",
  },
  SPOOL_FILE_DAMAGED: {
    cause:
      "Another program changes files in the spool, or its disk is failing: it was made anew three times.",
    action:
      "Tell your administrator about the disk. Once another spool folder is chosen, press Retry: the file is made anew from the archive.",
  },
  WORKER_ENDED: {
    cause: "The part of the console that encrypts and sends ended and is started again.",
    action: BY_ITSELF,
  },
  DESTINATION_NOT_CONFIGURED: {
    cause: "No connection file of an account has been imported.",
    action: "An administrator sets it in the settings; the export goes on by itself.",
  },
  SERVICE_UNREACHABLE: {
    cause: "The evidence service, the network or a proxy in between is away.",
    action: BY_ITSELF,
  },
  NETWORK_PAGE_INSTEAD: {
    cause: "The network wants a log-on in a browser first, or a filter answers in place of the service.",
    action: "Log on to the network, or have an administrator let the console through; it goes on by itself.",
  },
  REDIRECTED: {
    cause: "The network wants a log-on first, or the service has moved to another address.",
    action: "Log on to the network, or have the connection file's address checked; it goes on by itself.",
  },
  PROXY_LOG_ON_NEEDED: {
    cause: "The proxy lets nobody through without a user and a password.",
    action: "An administrator enters them in the settings, under Network; it goes on by itself.",
  },
  PROXY_REFUSED: {
    cause: "The proxy may not connect to the service, or cannot.",
    action: "Have an administrator of the network let the console through; it goes on by itself.",
  },
  PROXY_UNREACHABLE: {
    cause: "The proxy is away, or is not at the address that the settings or the system name.",
    action:
      "Check the network, or have the proxy in the settings checked, under Network; it goes on by itself.",
  },
  TLS_NOT_SPOKEN: {
    cause: "Something else than the service answers at its address.",
    action: "Have the address and the proxy checked; it goes on by itself.",
  },
  TLS_WANTED: {
    cause: "The address, or the proxy's, says http where only https is spoken.",
    action: "Have the address corrected: https, or the port for http; it goes on by itself.",
  },
  TLS_NOT_AGREED: {
    cause: "What answers knows only an older TLS, or asks the console for a certificate of its own.",
    action: "Have an administrator look at what answers there; it goes on by itself.",
  },
  CERTIFICATE_UNTRUSTED: {
    cause: "The certificate is of an authority that is neither in the system's store nor in the settings.",
    action: "An administrator adds the authority in the settings, under Network, if it is yours.",
  },
  CERTIFICATE_EXPIRED: {
    cause: "The certificate's time is over, or this computer's clock is ahead.",
    action: "Have the clock checked and the certificate renewed; it goes on by itself.",
  },
  CERTIFICATE_NOT_YET_VALID: {
    cause: "The certificate's time has not begun, or this computer's clock is behind.",
    action: "Have the clock checked and the certificate replaced; it goes on by itself.",
  },
  CERTIFICATE_WRONG_NAME: {
    cause: "What answers is not what the connection file names, or has a certificate for another name.",
    action: "Have the address and the certificate checked; it goes on by itself.",
  },
  CERTIFICATE_REFUSED: {
    cause: "The certificate is revoked, damaged, or not one for servers.",
    action: "Have it replaced by whoever runs that side; it goes on by itself.",
  },
  CLOCK_WRONG: {
    cause: "The service takes no log-on that is made by a wrong clock.",
    action: "Set this computer's clock right; it goes on by itself.",
  },
  FILE_DAMAGED: {
    cause: "The service no longer has every byte that it stored.",
    action: "Tell the service's administrator, and create the export again.",
  },
  FILE_DIFFERS: {
    cause: "The footage was changed in the archive while it was being read.",
    action: "Press Retry: it is read anew from the beginning.",
  },
  NOT_ALLOWED: {
    cause: "The destination's account has no right to do this.",
    action: "Have the service's administrator give this console an account that may send, then press Retry.",
  },
  OTHER_HOST: {
    cause: "The service is reached under another name or address than its own, as through a redirected port.",
    action: "Have the addresses in the connection file checked, then press Retry.",
  },
  EMBEDDED_SERVICE_STARTING: {
    cause: "The evidence service beside the console starts with it, which takes a moment.",
    action: BY_ITSELF,
  },
  ACCOUNT_NOT_READABLE: {
    cause: "The key that sealed the account's secrets is not on this computer any more.",
    action: "An administrator imports the connection file again; the export goes on by itself.",
  },
  ACCOUNT_AWAY: {
    cause:
      "The destination was changed after the export was made, and its account is not kept on this console.",
    action: "An administrator imports the connection file of that account again, or cancels the export.",
  },
  ANSWER_NOT_UNDERSTOOD: {
    cause: "Answers are damaged on the way, or the other side speaks another version of the interface.",
    action: "Have what lies between checked, such as a proxy, then press Retry.",
  },
  ANSWER_MIXED_UP: {
    cause: "Something between console and service gives answers to other requests than they belong to.",
    action: "Have what lies between checked, such as a proxy, then press Retry.",
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
    cause: "Where the service keeps files lets nobody in, or its clock is wrong.",
    action: "Tell your administrator, who has the service's storage looked at; the export goes on by itself.",
  },
  UPLOAD_PLACE_GONE: {
    cause: "The service has removed the place of the upload, as it does after 24 hours.",
    action: "Press Retry to send it anew.",
  },
  STORED_LENGTH_DIFFERS: {
    cause: "The service stored another number of bytes than were sent.",
    action: ANEW,
  },
  EVIDENCE_FORGOTTEN_AGAIN: {
    cause:
      "The service removes evidence that is not complete after 24 hours, and the line is too slow for this one.",
    action:
      "Raise the bandwidth cap or use a faster line and press Retry, or cancel this export and make shorter ones.",
  },
  SEGMENT_NOT_SENT: {
    cause: "A part of the export is neither sent nor known to be empty.",
    action: "Press Retry.",
  },
  CONSOLIDATION_FAILED: {
    cause: "The service could not join the parts to one video, or found that they contradict their manifest.",
    action: `Open it in Clearance for the details. ${ANEW}`,
  },
  INTERNAL: {
    cause: "A mistake of the program.",
    action: "Press Retry. If it comes back, send the log to your administrator.",
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
    action: "Create the export again with the incident's right times.",
  },
  ENDS_BEFORE_START: {
    cause: "The end of the range lies before its start.",
    action: "Create the export again with the right times.",
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
  BLOBS_UNREACHABLE: {
    cause: "The service does not reach the store that it keeps its files in.",
    action: "It is tried again by itself. If it stays so, tell the service's administrator.",
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
  KEY_ID_WRONG: {
    cause: "The console's own key and its id do not belong together.",
    action: ADMINISTRATOR,
  },
};

/** The codes that have advice of their own. */
export const ADVISED_CODES: readonly string[] = Object.keys(ADVICE);

/** For a code of another maker's service, or of a later one of ours, as well. */
export function adviceFor(code: string): FailureAdvice {
  const known = Object.hasOwn(ADVICE, code) ? ADVICE[code] : undefined;
  return known ?? { cause: `The other side refused it with the code ${code}.`, action: ADMINISTRATOR };
}

/** The same failure with something that the operator can do; what was said where it happened goes first. */
export function withAdvice({ code, message, action }: Failure): Failure {
  return { code, message, action: action ?? adviceFor(code).action };
}

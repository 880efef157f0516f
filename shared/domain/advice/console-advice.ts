/** What fails in the console itself, or of its account. */
import { ADMINISTRATOR, BY_ITSELF, type FailureAdvice } from "./advice.ts";

export const CONSOLE_ADVICE = {
  WORKER_ENDED: {
    cause: "The part of the console that encrypts and sends ended and is started again.",
    action: BY_ITSELF,
  },
  DESTINATION_NOT_CONFIGURED: {
    cause: "No connection file of an account has been imported.",
    action: "An administrator sets it in the settings; the export goes on by itself.",
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
  EVIDENCE_FORGOTTEN_AGAIN: {
    cause:
      "The service removes evidence that is not complete after 24 hours, and the line is too slow for this one.",
    action:
      "Raise the bandwidth cap or use a faster line and press Retry, or cancel this export and make shorter ones.",
  },
  SEGMENT_NOT_SENT: {
    cause: "A segment of the export is neither sent nor known to be empty.",
    action: "Press Retry.",
  },
  INTERNAL: {
    cause: "A bug in the program.",
    action: "Press Retry. If it happens again, send the log to your administrator.",
  },
  KEY_ID_WRONG: {
    cause: "The console's own key and its id do not belong together.",
    action: ADMINISTRATOR,
  },
} as const satisfies Record<string, FailureAdvice>;

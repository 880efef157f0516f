/**
 * Why a service does not start, by code, with what its administrator does about it. A code that does not stand here does
 * not compile, and each stands in docs/reference/settings.md as well.
 */
const OF_COMMANDS = {
  ALREADY_SET_UP: "Sign in as one of them, who can add others.",
  ARGUMENT_MISSING: "Add it to the command line.",
  ARGUMENT_WRONG: "Correct the command line.",
  BACKUP_FAILED: "Do what it says, and begin again: what was there before is as it was.",
  BACKUP_OF_ANOTHER: "Give each service a folder of its own.",
  BACKUP_UNDER_WAY: "Wait until it has ended, then give the same command again.",
  BACKUP_UNUSABLE: "Name the folder of a backup that ended well.",
  FILES_AWAY: "Mount its disk, then give the same command again. Nothing was changed.",
  FILE_EXISTS: "Name another file.",
  FOLDER_NOT_EMPTY: "Restore into a folder with keys.json and settings alone.",
  KEYS_OF_ANOTHER: "Put the keys.json of the service there, from its sealed copy.",
  METADATA_NOT_EMPTY: "Name an empty schema, or remove what is in it.",
  NAME_READS_ALIKE: "Choose another name.",
  NAME_UNUSABLE: "Choose another name.",
  NEVER_STARTED: "Start the service once, end it, and make the account then.",
  NO_SECOND_FACTOR: "Give the user name as People shows it.",
  NO_SERVICE: "Name the folder of a service that has run, and its database.",
  RESTORE_ELSEWHERE: "Put the settings there that fit the backup.",
  UNKNOWN_COMMAND:
    "Give setup, account, reset-second-factor, rotate-keys, retire-keys, move, backup, restore, restored, or none to start the service.",
  UNKNOWN_KEY_KIND: "Give one or several of content, token, address and audit, with commas between.",
  UNKNOWN_ROLE: "Give sender or integration.",
} as const satisfies Record<string, string>;

const OF_SITES = {
  BLOBS_ELSEWHERE: "Set the settings back to the place where they are.",
  BLOBS_OF_ANOTHER:
    "Name this service's own bucket or container. If its metadata come from a backup and nobody else uses that one any more, say so with the command restored and --take-store. Nothing was changed.",
  FOLDER_IN_USE: "Stop it, or give this one another folder.",
  KEY_MISSING: "Copy keys.json from a machine that has it, or from the backup. Nothing was changed.",
  METADATA_EARLIER:
    "If they come from a backup, say so with the command restored; otherwise name the right ones. Nothing was changed.",
  METADATA_MISSING:
    "Restore the backup, or name the database that has them. To begin anew with these keys, give setup --begin-anew; where there is no keys.json a service makes keys of its own. Nothing was changed.",
  METADATA_ELSEWHERE: "Name the right database, or restore it from its backup. Nothing was changed.",
  OLDER_SERVICES: "Stop them, start this one, and bring the others to its version.",
  PUBLIC_URL: "Give the address of a host alone, such as https://evidence.example.",
  RESTORE_UNFINISHED:
    "Give the same command again, with the same backup: it goes on where it was. To begin anew, empty the folder, and the schema.",
  SCHEMA_EARLIER:
    "Use the program of the service that wrote them, or start the service with this one, which brings them forward. Nothing was changed.",
  SCHEMA_LATER: "Use the program of the service that wrote them, or a later one.",
  SETTINGS_WRONG: "Correct the file, or remove it for the defaults.",
  SEVERAL_NEED_A_STORE: "Name a bucket in s3-blobs.json, or a container in azure-blobs.json.",
} as const satisfies Record<string, string>;

const OWNER_ALONE = "Take the rights of others off it: chmod 600.";

const OF_AZURE = {
  AZURE_REFUSED: "Put the account's present connection string into azure-blobs.json.",
  AZURE_SETTINGS_NOT_PRIVATE: OWNER_ALONE,
  AZURE_SETTINGS_WRONG: "Correct azure-blobs.json.",
  AZURE_UNREACHABLE: "Check the line to it and the address, then start the service again.",
} as const satisfies Record<string, string>;

const OF_S3 = {
  S3_BUCKET_MISSING: "Make it, then start the service.",
  S3_CLOCK: "Set the clock that is wrong.",
  S3_DEFAULT_LOCK: "Take its default retention off, and set “lock” in s3-blobs.json.",
  S3_NO_CONDITIONS: "Use another store: this one cannot keep evidence.",
  S3_NO_LOCK: "Make a bucket with object lock, or take “lock” out of s3-blobs.json.",
  S3_PATH_STYLE: "Set “pathStyle” to true in s3-blobs.json.",
  S3_REFUSED: "Correct the key in s3-blobs.json, or let it list, read, write and delete in the bucket.",
  S3_REGION: "Set “region” in s3-blobs.json to the bucket's.",
  S3_SETTINGS_NOT_PRIVATE: OWNER_ALONE,
  S3_SETTINGS_WRONG: "Correct s3-blobs.json, or keep one of the two files.",
  S3_UNREACHABLE: "Check the line to it and “endpoint”, then start the service again.",
  S3_UNSUITABLE: "Check the store's own log, or use another store.",
} as const satisfies Record<string, string>;

const OF_MAIL = {
  MAIL_SETTINGS_NOT_PRIVATE: OWNER_ALONE,
  MAIL_SETTINGS_WRONG: "Correct mail.json, or remove it: links are shown then, and not sent.",
} as const satisfies Record<string, string>;

const OF_POSTGRES = {
  POSTGRES_IN_USE: "Stop it, give this one another schema, or set “instances” to “several” for both.",
  POSTGRES_REFUSED: "Correct role, password, database or certificate, or let the role make tables.",
  POSTGRES_SETTINGS_NOT_PRIVATE: OWNER_ALONE,
  POSTGRES_SETTINGS_WRONG: "Correct postgres.json.",
  POSTGRES_UNREACHABLE:
    "Check whether the server runs, and takes connections and changes, then start the service again.",
} as const satisfies Record<string, string>;

const OF_MOVING = {
  MOVED_AWAY:
    "Start the service of the new place. If that has failed, move --back-out with the same two folders brings this one back.",
  MOVE_AZURE: "Give both folders files of their own, or a bucket.",
  MOVE_DAMAGED:
    "Restore them from a backup. With --leave-damaged the move goes on without what cannot be read, which is missing in the new place too.",
  MOVE_DIFFERS: "Run the move again. If it says the same again, give it another place.",
  MOVE_INTERRUPTED: "Run the same move again: it goes on where it was.",
  MOVE_NEWER_WORK:
    "Move it back with move --from and the new place's folder. With --lose-newer the old place is taken up as it was, without them.",
  MOVE_NOT_DONE: "Give the folders of a move that was done, in the same order.",
  MOVE_ROW_REFUSED: "Tell the developers of it, or choose SQLite. Nothing was changed in the old place.",
  MOVE_SAME_PLACE: "Give the new folder settings that name another place.",
  MOVE_STILL_LOCKED: "Run --remove-old again once the locks are over.",
  MOVE_TARGET_FULL: "Make room there, and run the same move again: it goes on where it was.",
  MOVE_TARGET_NOT_EMPTY: "Give an empty folder, schema and bucket.",
  MOVE_TARGET_OTHER: "Give an empty folder, schema and bucket.",
  MOVE_TRAIL_NOT_WHOLE:
    "Find out why with --verify-audit. With --leave-damaged the move goes on with the trail as it is.",
  MOVE_UNDER_WAY:
    "Run the same move again, which goes on where it was; or give it up with move --back-out and start the old one.",
} as const satisfies Record<string, string>;

const ACTIONS = {
  ...OF_COMMANDS,
  ...OF_SITES,
  ...OF_AZURE,
  ...OF_S3,
  ...OF_MAIL,
  ...OF_POSTGRES,
  ...OF_MOVING,
};

export type StartRefusalCode = keyof typeof ACTIONS;

const GIVE_AGAIN = "give the same command again.";

/** Where the same ends a command, there is no service to start afterwards, and none to be given another place. */
const OF_A_COMMAND: Readonly<Partial<Record<StartRefusalCode, string>>> = {
  AZURE_UNREACHABLE: `Check the line to it and the address, then ${GIVE_AGAIN}`,
  BLOBS_OF_ANOTHER:
    "To practise, name a copy of it. Only where nobody else uses it any more, add --take-store to restore or restored; before a move remove its object belongs-to. Nothing was changed.",
  FOLDER_IN_USE: `Wait until it has ended, or stop it, then ${GIVE_AGAIN}`,
  OLDER_SERVICES: `Stop them, then ${GIVE_AGAIN}`,
  POSTGRES_IN_USE: `Stop every service that uses it, then ${GIVE_AGAIN}`,
  POSTGRES_UNREACHABLE: `Check whether the server runs, and takes connections and changes, then ${GIVE_AGAIN}`,
  S3_BUCKET_MISSING: `Make it, then ${GIVE_AGAIN}`,
  S3_UNREACHABLE: `Check the line to it and “endpoint”, then ${GIVE_AGAIN}`,
};

/** Of every code, for its documentation. */
export const START_REFUSAL_ACTIONS: Readonly<Record<StartRefusalCode, string>> = ACTIONS;

/** Why a service does not start, for the administrator: a stable code, a sentence and what can be done, no stack. */
export class StartRefusal extends Error {
  readonly code: StartRefusalCode;
  readonly action: string;
  readonly #ofCommand: string;

  /** @param actions where its cause asks for others than the code's */
  constructor(code: StartRefusalCode, sentence: string, actions?: Record<"service" | "command", string>) {
    super(sentence);
    this.code = code;
    this.action = actions?.service ?? ACTIONS[code];
    this.#ofCommand = actions?.command ?? OF_A_COMMAND[code] ?? this.action;
  }

  /** As the program ends with it on stderr. @param ended what it ends */
  line(ended: "service" | "command"): string {
    return `${this.code}: ${this.message} ${ended === "command" ? this.#ofCommand : this.action}`;
  }
}

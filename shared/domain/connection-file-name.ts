/** Ending of a connection file's name as services write it: packages of the console register it with the desktop. */
export const CONNECTION_FILE_ENDING = ".evidence-connection";

/** Endings that an import offers: others' services, and earlier ones of ours, write plain JSON. */
export const CONNECTION_FILE_ENDINGS = [CONNECTION_FILE_ENDING, ".json"] as const;

/** Endings of a connection file's name: as services write it, and as a desktop opens it with the console. */
export const CONNECTION_FILE_ENDINGS = [".json", ".evidence-connection"] as const;

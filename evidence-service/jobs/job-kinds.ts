/** The kinds of jobs there are: they stand in the queues of installations, and are never given another meaning. */
export const CONSOLIDATE = "consolidate";
export const REMOVE_BLOB = "remove-blob";
export const VERIFY_EVERYTHING = "verify-everything";
export const REWRAP_CONTENT_KEYS = "rewrap-content-keys";
export const INDEX_AUDIT = "index-audit";
export const KEEP_RETENTION = "keep-retention";

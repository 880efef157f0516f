/** Takes SQLite's tables back to before the last five migrations, for tests of those before. */
export const BEFORE_ASSERTIONS_WERE_WATCHED = `
  DROP TABLE auditIndex; DROP TABLE auditScope;
  DROP TABLE contentKey;
  DROP TABLE runningJob; DROP TABLE verificationRun; DROP INDEX differing; ALTER TABLE job DROP COLUMN sinceUtcMs;
  DROP TABLE objectUpload; DROP TABLE objectPart;
  DROP INDEX assertionsOfAccount; ALTER TABLE usedAssertion DROP COLUMN usedWatchedMs;`;

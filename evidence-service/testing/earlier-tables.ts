/** Takes SQLite's tables back to before the last six migrations, for tests of those before. */
export const BEFORE_ASSERTIONS_WERE_WATCHED = `
  DROP TABLE auditIndex; DROP TABLE auditScope;
  DROP TABLE personLink; DROP TABLE refusedSignIn;
  ALTER TABLE webUser DROP COLUMN mail; ALTER TABLE webUser DROP COLUMN state;
  ALTER TABLE webUser DROP COLUMN createdUtcMs; ALTER TABLE webUser DROP COLUMN latestSignInUtcMs;
  ALTER TABLE webUser DROP COLUMN passwordChangedUtcMs;
  ALTER TABLE webSession DROP COLUMN createdUtcMs; ALTER TABLE webSession DROP COLUMN seenUtcMs;
  ALTER TABLE webSession DROP COLUMN network; ALTER TABLE webSession DROP COLUMN browser;
  DROP TABLE contentKey;
  DROP TABLE runningJob; DROP TABLE verificationRun; DROP INDEX differing; ALTER TABLE job DROP COLUMN sinceUtcMs;
  DROP TABLE objectUpload; DROP TABLE objectPart;
  DROP INDEX assertionsOfAccount; ALTER TABLE usedAssertion DROP COLUMN usedWatchedMs;`;

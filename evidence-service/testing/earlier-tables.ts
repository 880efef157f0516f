/** Takes SQLite's tables back to before the last migrations, for tests of those before. */
export const BEFORE_ASSERTIONS_WERE_WATCHED = `
  DROP TABLE caseNoteText; DROP TABLE caseNote;
  DROP TRIGGER IF EXISTS evidenceBinned; DROP TRIGGER caseStateChanged;
  DROP TABLE binned; DROP TABLE protection; DROP INDEX closedCases; DROP INDEX looseEvidence;
  ALTER TABLE category DROP COLUMN retentionDays; ALTER TABLE caseFile DROP COLUMN closedUtcMs;
  DROP TABLE auditIndex; DROP TABLE auditScope;
  DROP TABLE authenticatorApp; DROP TABLE recoveryCode; DROP TABLE halfSignIn;
  DROP TABLE passkey; DROP TABLE usedChallenge; DROP TABLE knownNetwork;
  DROP TABLE personLink; DROP TABLE refusedSignIn;
  ALTER TABLE webUser DROP COLUMN mail; ALTER TABLE webUser DROP COLUMN state;
  ALTER TABLE webUser DROP COLUMN createdUtcMs; ALTER TABLE webUser DROP COLUMN latestSignInUtcMs;
  ALTER TABLE webUser DROP COLUMN passwordChangedUtcMs;
  ALTER TABLE webSession DROP COLUMN createdUtcMs; ALTER TABLE webSession DROP COLUMN seenUtcMs;
  ALTER TABLE webSession DROP COLUMN network; ALTER TABLE webSession DROP COLUMN browser;
  DROP TRIGGER IF EXISTS evidenceAdded; DROP TRIGGER IF EXISTS evidenceChanged;
  DROP TRIGGER IF EXISTS caseAdded; DROP TRIGGER IF EXISTS caseChanged; DROP TRIGGER IF EXISTS evidenceMoved; DROP TRIGGER IF EXISTS evidenceForgotten; DROP TRIGGER IF EXISTS caseForgotten;
  DROP TABLE accessIndex; DROP TABLE accessPolicy; DROP TABLE accountRight; DROP TABLE groupMember;
  DROP TABLE personGroup; DROP TABLE rightHolder;
  ALTER TABLE department DROP COLUMN position; ALTER TABLE department DROP COLUMN retiredUtcMs;
  ALTER TABLE category DROP COLUMN position; ALTER TABLE category DROP COLUMN retiredUtcMs;
  DROP TABLE accountKey; ALTER TABLE serviceAccount DROP COLUMN state; ALTER TABLE serviceAccount DROP COLUMN createdUtcMs;
  DROP TABLE contentKey;
  DROP TABLE runningJob; DROP TABLE verificationRun; DROP INDEX differing; ALTER TABLE job DROP COLUMN sinceUtcMs;
  DROP TABLE objectUpload; DROP TABLE objectPart;
  DROP INDEX assertionsOfAccount; ALTER TABLE usedAssertion DROP COLUMN usedWatchedMs;`;

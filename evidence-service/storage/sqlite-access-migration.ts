/**
 * The tables of people's rights in SQLite. `accessIndex` says which rows each holder of a right sees, so that lists are read by
 * it and never filtered; it follows from policies and rows. Rows that come and change are entered by triggers here; what a
 * change of policy makes of the rows that are there is entered in small bits by whoever changes it.
 */
import { HOLDER_SIGN } from "./search-words.ts";

/** Words behind which it stands who may see a row: one for each holder of a policy that the row is under. */
export const holdersOf = (scopeKind: string, scopeId: string): string => `
  coalesce((SELECT group_concat(char(${HOLDER_SIGN}) || holder, ' ') FROM accessPolicy
    WHERE scopeKind = ${scopeKind} AND scopeId = ${scopeId}), '')`;

/** @param row `new.` or `old.` */
const scopeOfEvidence = (row: string): string => `scopeKind = iif(${row}caseId IS NULL, 'evidence', 'case')
    AND scopeId = coalesce(${row}caseId, ${row}evidenceId)`;
const kindOfEvidence = (row: string): string => `iif(${row}caseId IS NULL, 'loose', 'filed')`;

export const INDEX_EVIDENCE = `
    INSERT INTO accessIndex (holder, kind, seq, fromUtcMs, untilUtcMs)
      SELECT holder, ${kindOfEvidence("new.")}, new.seq, fromUtcMs, untilUtcMs FROM accessPolicy
      WHERE ${scopeOfEvidence("new.")} AND (recordedFromUtcMs IS NULL OR recordedFromUtcMs < new.endUtcMs);`;
export const FORGET_EVIDENCE = `
    DELETE FROM accessIndex WHERE kind = ${kindOfEvidence("old.")} AND seq = old.seq
      AND holder IN (SELECT holder FROM accessPolicy WHERE ${scopeOfEvidence("old.")});`;

/** @param wordsOfEvidence the words of a row's text, case and account @param row `new.` */
export const accessMigration = (wordsOfEvidence: (row: string) => string): string => `
  CREATE TABLE rightHolder (holder INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL,
    UNIQUE (kind, id));
  CREATE TABLE personGroup (groupId TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE groupMember (username TEXT NOT NULL, groupId TEXT NOT NULL,
    PRIMARY KEY (username, groupId)) WITHOUT ROWID;
  CREATE INDEX membersOfGroup ON groupMember (groupId);
  CREATE TABLE accountRight (holder INTEGER NOT NULL, code TEXT NOT NULL, PRIMARY KEY (holder, code)) WITHOUT ROWID;
  CREATE TABLE accessPolicy (scopeKind TEXT NOT NULL, scopeId TEXT NOT NULL, holder INTEGER NOT NULL,
    level INTEGER NOT NULL, fromUtcMs INTEGER, untilUtcMs INTEGER, recordedFromUtcMs INTEGER,
    PRIMARY KEY (scopeKind, scopeId, holder)) WITHOUT ROWID;
  CREATE INDEX policiesOfHolder ON accessPolicy (holder);
  CREATE INDEX policiesOfRecordings ON accessPolicy (holder) WHERE recordedFromUtcMs IS NOT NULL;
  CREATE TABLE accessIndex (holder INTEGER NOT NULL, kind TEXT NOT NULL, seq INTEGER NOT NULL, fromUtcMs INTEGER,
    untilUtcMs INTEGER, PRIMARY KEY (holder, kind, seq)) WITHOUT ROWID;

  DROP TRIGGER evidenceAdded;
  CREATE TRIGGER evidenceAdded AFTER INSERT ON evidence BEGIN
    INSERT INTO evidenceWords (rowid, words) VALUES (new.seq, ${wordsOfEvidence("new.")}
      || ' ' || ${holdersOf("iif(new.caseId IS NULL, 'evidence', 'case')", "coalesce(new.caseId, new.evidenceId)")});${INDEX_EVIDENCE}
  END;
  DROP TRIGGER evidenceChanged;
  CREATE TRIGGER evidenceChanged AFTER UPDATE OF searchText, caseId ON evidence BEGIN
    DELETE FROM evidenceWords WHERE rowid = old.seq;
    INSERT INTO evidenceWords (rowid, words) VALUES (new.seq, ${wordsOfEvidence("new.")}
      || ' ' || ${holdersOf("iif(new.caseId IS NULL, 'evidence', 'case')", "coalesce(new.caseId, new.evidenceId)")});
  END;
  CREATE TRIGGER evidenceMoved AFTER UPDATE OF caseId ON evidence WHEN old.caseId IS NOT new.caseId BEGIN${FORGET_EVIDENCE}${INDEX_EVIDENCE}
  END;
  CREATE TRIGGER evidenceForgotten AFTER DELETE ON evidence BEGIN${FORGET_EVIDENCE}
  END;
  DROP TRIGGER caseAdded;
  CREATE TRIGGER caseAdded AFTER INSERT ON caseFile BEGIN
    INSERT INTO caseWords (rowid, words) VALUES (new.seq, new.searchText || ' ' || ${holdersOf("'case'", "new.caseId")});
    INSERT INTO accessIndex (holder, kind, seq, fromUtcMs, untilUtcMs)
      SELECT holder, 'case', new.seq, fromUtcMs, untilUtcMs FROM accessPolicy
      WHERE scopeKind = 'case' AND scopeId = new.caseId;
  END;
  DROP TRIGGER caseChanged;
  CREATE TRIGGER caseChanged AFTER UPDATE OF searchText ON caseFile BEGIN
    DELETE FROM caseWords WHERE rowid = old.seq;
    INSERT INTO caseWords (rowid, words) VALUES (new.seq, new.searchText || ' ' || ${holdersOf("'case'", "new.caseId")});
  END;
  CREATE TRIGGER caseForgotten AFTER DELETE ON caseFile BEGIN
    DELETE FROM accessIndex WHERE kind = 'case' AND seq = old.seq
      AND holder IN (SELECT holder FROM accessPolicy WHERE scopeKind = 'case' AND scopeId = old.caseId);
  END;

  -- Whoever was there before there were rights goes on with what everybody had.
  INSERT INTO rightHolder (kind, id) SELECT 'user', username FROM webUser;
  INSERT INTO rightHolder (kind, id) SELECT 'service', principalId FROM serviceAccount;
  INSERT INTO accountRight (holder, code)
    SELECT holder, column1 FROM rightHolder
    CROSS JOIN (VALUES ('oversee'), ('administer-people'), ('administer-service')) WHERE kind = 'user';
  INSERT INTO accountRight (holder, code)
    SELECT holder, column1 FROM rightHolder
    CROSS JOIN (VALUES ('send-evidence'), ('create-cases'), ('pick-cases')) WHERE kind = 'service';
  INSERT INTO accountRight (holder, code)
    SELECT holder, column1 FROM rightHolder JOIN serviceAccount ON id = principalId
    CROSS JOIN (VALUES ('oversee'), ('administer-service')) WHERE kind = 'service' AND role = 'integration';
`;

/**
 * How long evidence is kept, in SQLite. Evidence in the recycle bin is `Deleted`: it leaves the index of words and that of
 * what each holder of rights sees as its state changes, and comes back with it.
 */
import { FORGET_EVIDENCE, holdersOf, INDEX_EVIDENCE } from "./sqlite-access-migration.ts";

/** @param wordsOfEvidence the words of a row's text, case and account @param row `new.` */
export const retentionMigration = (wordsOfEvidence: (row: string) => string): string => {
  const words = `
    INSERT INTO evidenceWords (rowid, words) SELECT new.seq, ${wordsOfEvidence("new.")}
      || ' ' || ${holdersOf("iif(new.caseId IS NULL, 'evidence', 'case')", "coalesce(new.caseId, new.evidenceId)")}
      WHERE new.lifecycleState <> 'Deleted';`;
  const index = INDEX_EVIDENCE.replace("WHERE", "WHERE new.lifecycleState <> 'Deleted' AND");
  const forgetWords = `
    DELETE FROM evidenceWords WHERE rowid = old.seq;`;
  return `
  ALTER TABLE category ADD COLUMN retentionDays INTEGER;
  ALTER TABLE caseFile ADD COLUMN closedUtcMs INTEGER;
  CREATE TABLE binned (evidenceId TEXT PRIMARY KEY, stateBefore TEXT NOT NULL, binnedUtcMs INTEGER NOT NULL,
    because TEXT NOT NULL, askedBy TEXT, askedUtcMs INTEGER);
  CREATE INDEX binnedSince ON binned (binnedUtcMs, evidenceId);
  CREATE TABLE protection (scopeKind TEXT NOT NULL, scopeId TEXT NOT NULL, reason TEXT NOT NULL, heldBy TEXT NOT NULL,
    heldUtcMs INTEGER NOT NULL, askedBy TEXT, askedUtcMs INTEGER, PRIMARY KEY (scopeKind, scopeId)) WITHOUT ROWID;
  CREATE INDEX closedCases ON caseFile (categoryId, closedUtcMs) WHERE closedUtcMs IS NOT NULL;
  CREATE INDEX looseEvidence ON evidence (caseId, endUtcMs) WHERE caseId IS NULL;

  -- A program of before says nothing of when it closed a case.
  CREATE TRIGGER caseStateChanged AFTER UPDATE OF state ON caseFile
    WHEN old.state <> new.state AND old.closedUtcMs IS new.closedUtcMs BEGIN
    UPDATE caseFile SET closedUtcMs = NULL WHERE seq = new.seq;
  END;
  DROP TRIGGER evidenceAdded;
  CREATE TRIGGER evidenceAdded AFTER INSERT ON evidence BEGIN${words}${index}
  END;
  DROP TRIGGER evidenceChanged;
  CREATE TRIGGER evidenceChanged AFTER UPDATE OF searchText, caseId ON evidence BEGIN${forgetWords}${words}
  END;
  CREATE TRIGGER evidenceBinned AFTER UPDATE OF lifecycleState ON evidence
    WHEN (old.lifecycleState = 'Deleted') <> (new.lifecycleState = 'Deleted') BEGIN${forgetWords}${FORGET_EVIDENCE}${words}${index}
  END;
  `;
};

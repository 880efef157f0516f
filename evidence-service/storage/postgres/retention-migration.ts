/** How long evidence is kept, in PostgreSQL; `sqlite-retention-migration.ts` says how the recycle bin is hidden. */
import {
  FORGET_EVIDENCE,
  holdersOf,
  INDEX_EVIDENCE,
  scopeOfEvidence,
  type Spelling,
} from "./access-migration.ts";

export const retentionMigration = ({ text, words, textOfEvidence }: Spelling): string => {
  const index = INDEX_EVIDENCE.replace("WHERE", `WHERE new."lifecycleState" <> 'Deleted' AND`);
  return `
  ALTER TABLE "category" ADD COLUMN "retentionDays" integer;
  ALTER TABLE "caseFile" ADD COLUMN "closedUtcMs" double precision;
  CREATE TABLE "binned" ("evidenceId" ${text} PRIMARY KEY, "stateBefore" ${text} NOT NULL,
    "binnedUtcMs" double precision NOT NULL, "because" ${text} NOT NULL, "askedBy" ${text}, "askedUtcMs" double precision);
  CREATE INDEX "binnedSince" ON "binned" ("binnedUtcMs", "evidenceId");
  CREATE TABLE "protection" ("scopeKind" ${text} NOT NULL, "scopeId" ${text} NOT NULL, "reason" ${text} NOT NULL,
    "heldBy" ${text} NOT NULL, "heldUtcMs" double precision NOT NULL, "askedBy" ${text}, "askedUtcMs" double precision,
    PRIMARY KEY ("scopeKind", "scopeId"));

  -- A program of before says nothing of when it closed a case.
  CREATE FUNCTION "forgetClosing"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new."closedUtcMs" := NULL;
    RETURN new;
  END $$;
  CREATE TRIGGER "caseStateChanged" BEFORE UPDATE OF "state" ON "caseFile" FOR EACH ROW
    WHEN (old."state" <> new."state" AND old."closedUtcMs" IS NOT DISTINCT FROM new."closedUtcMs")
    EXECUTE FUNCTION "forgetClosing"();
  CREATE OR REPLACE FUNCTION "wordsOfEvidence"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF new."lifecycleState" = 'Deleted' THEN new."words" := ''::tsvector;
    ELSE new."words" := ${words(`${textOfEvidence} || ' ' || ${holdersOf(scopeOfEvidence("new"))}`)};
    END IF;
    RETURN new;
  END $$;
  CREATE OR REPLACE FUNCTION "indexAccess"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN${index}
    RETURN NULL;
  END $$;
  CREATE OR REPLACE FUNCTION "moveAccess"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN${FORGET_EVIDENCE}${index}
    RETURN NULL;
  END $$;
  CREATE TRIGGER "evidenceBinnedWords" BEFORE UPDATE OF "lifecycleState" ON "evidence" FOR EACH ROW
    WHEN ((old."lifecycleState" = 'Deleted') <> (new."lifecycleState" = 'Deleted')) EXECUTE FUNCTION "wordsOfEvidence"();
  CREATE TRIGGER "evidenceBinned" AFTER UPDATE OF "lifecycleState" ON "evidence" FOR EACH ROW
    WHEN ((old."lifecycleState" = 'Deleted') <> (new."lifecycleState" = 'Deleted')) EXECUTE FUNCTION "moveAccess"();
  `;
};

/** The tables of people's rights in PostgreSQL; `sqlite-access-migration.ts` says what they are. */
import { HOLDER_SIGN } from "../search-words.ts";

export const scopeOfEvidence = (row: string): string => `
        "scopeKind" = CASE WHEN ${row}."caseId" IS NULL THEN 'evidence' ELSE 'case' END
        AND "scopeId" = coalesce(${row}."caseId", ${row}."evidenceId")`;
const kindOfEvidence = (row: string): string =>
  `CASE WHEN ${row}."caseId" IS NULL THEN 'loose' ELSE 'filed' END`;

export const holdersOf = (scope: string): string => `
      coalesce((SELECT string_agg(chr(${HOLDER_SIGN}) || "holder", ' ') FROM "accessPolicy" WHERE ${scope}), '')`;

export const INDEX_EVIDENCE = `
    INSERT INTO "accessIndex" ("holder", "kind", "seq", "fromUtcMs", "untilUtcMs")
      SELECT "holder", ${kindOfEvidence("new")}, new."seq", "fromUtcMs", "untilUtcMs" FROM "accessPolicy"
      WHERE ${scopeOfEvidence("new")} AND ("recordedFromUtcMs" IS NULL OR "recordedFromUtcMs" < new."endUtcMs");`;
export const FORGET_EVIDENCE = `
    DELETE FROM "accessIndex" WHERE "kind" = ${kindOfEvidence("old")} AND "seq" = old."seq"
      AND "holder" IN (SELECT "holder" FROM "accessPolicy" WHERE ${scopeOfEvidence("old")});`;

export interface Spelling {
  /** The type of a text, and of a number that the database gives. */
  readonly text: string;
  readonly key: string;
  /** What turns a text into words. */
  readonly words: (text: string) => string;
  /** The text that an evidence is found by. */
  readonly textOfEvidence: string;
}

export const accessMigration = ({ text, key, words, textOfEvidence }: Spelling): string => `
  CREATE TABLE "rightHolder" ("holder" ${key}, "kind" ${text} NOT NULL, "id" ${text} NOT NULL, UNIQUE ("kind", "id"));
  CREATE TABLE "personGroup" ("groupId" ${text} PRIMARY KEY, "name" ${text} NOT NULL UNIQUE);
  CREATE TABLE "groupMember" ("username" ${text} NOT NULL, "groupId" ${text} NOT NULL,
    PRIMARY KEY ("username", "groupId"));
  CREATE INDEX "membersOfGroup" ON "groupMember" ("groupId");
  CREATE TABLE "accountRight" ("holder" bigint NOT NULL, "code" ${text} NOT NULL, PRIMARY KEY ("holder", "code"));
  CREATE TABLE "accessPolicy" ("scopeKind" ${text} NOT NULL, "scopeId" ${text} NOT NULL, "holder" bigint NOT NULL,
    "level" integer NOT NULL, "fromUtcMs" double precision, "untilUtcMs" double precision,
    "recordedFromUtcMs" double precision, PRIMARY KEY ("scopeKind", "scopeId", "holder"));
  CREATE INDEX "policiesOfHolder" ON "accessPolicy" ("holder");
  CREATE INDEX "policiesOfRecordings" ON "accessPolicy" ("holder") WHERE "recordedFromUtcMs" IS NOT NULL;
  CREATE TABLE "accessIndex" ("holder" bigint NOT NULL, "kind" ${text} NOT NULL, "seq" bigint NOT NULL,
    "fromUtcMs" double precision, "untilUtcMs" double precision, PRIMARY KEY ("holder", "kind", "seq"));

  CREATE OR REPLACE FUNCTION "wordsOfEvidence"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new."words" := ${words(`${textOfEvidence} || ' ' || ${holdersOf(scopeOfEvidence("new"))}`)};
    RETURN new;
  END $$;
  CREATE OR REPLACE FUNCTION "wordsOfCase"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new."words" := ${words(`new."searchText" || ' ' || ${holdersOf(`"scopeKind" = 'case' AND "scopeId" = new."caseId"`)}`)};
    RETURN new;
  END $$;
  CREATE FUNCTION "indexAccess"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN${INDEX_EVIDENCE}
    RETURN NULL;
  END $$;
  CREATE FUNCTION "moveAccess"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN${FORGET_EVIDENCE}${INDEX_EVIDENCE}
    RETURN NULL;
  END $$;
  CREATE FUNCTION "forgetAccess"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN${FORGET_EVIDENCE}
    RETURN NULL;
  END $$;
  CREATE FUNCTION "indexCase"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO "accessIndex" ("holder", "kind", "seq", "fromUtcMs", "untilUtcMs")
      SELECT "holder", 'case', new."seq", "fromUtcMs", "untilUtcMs" FROM "accessPolicy"
      WHERE "scopeKind" = 'case' AND "scopeId" = new."caseId";
    RETURN NULL;
  END $$;
  CREATE FUNCTION "forgetCase"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM "accessIndex" WHERE "kind" = 'case' AND "seq" = old."seq"
      AND "holder" IN (SELECT "holder" FROM "accessPolicy" WHERE "scopeKind" = 'case' AND "scopeId" = old."caseId");
    RETURN NULL;
  END $$;
  CREATE TRIGGER "evidenceIndexed" AFTER INSERT ON "evidence" FOR EACH ROW EXECUTE FUNCTION "indexAccess"();
  CREATE TRIGGER "evidenceMoved" AFTER UPDATE OF "caseId" ON "evidence" FOR EACH ROW
    WHEN (old."caseId" IS DISTINCT FROM new."caseId") EXECUTE FUNCTION "moveAccess"();
  CREATE TRIGGER "evidenceForgotten" AFTER DELETE ON "evidence" FOR EACH ROW EXECUTE FUNCTION "forgetAccess"();
  CREATE TRIGGER "caseIndexed" AFTER INSERT ON "caseFile" FOR EACH ROW EXECUTE FUNCTION "indexCase"();
  CREATE TRIGGER "caseForgotten" AFTER DELETE ON "caseFile" FOR EACH ROW EXECUTE FUNCTION "forgetCase"();

  INSERT INTO "rightHolder" ("kind", "id") SELECT 'user', "username" FROM "webUser";
  INSERT INTO "rightHolder" ("kind", "id") SELECT 'service', "principalId" FROM "serviceAccount";
  INSERT INTO "accountRight" ("holder", "code")
    SELECT "holder", given FROM "rightHolder"
    CROSS JOIN (VALUES ('oversee'), ('administer-people'), ('administer-service')) AS of_people (given)
    WHERE "kind" = 'user';
  INSERT INTO "accountRight" ("holder", "code")
    SELECT "holder", given FROM "rightHolder"
    CROSS JOIN (VALUES ('send-evidence'), ('create-cases'), ('pick-cases')) AS of_accounts (given)
    WHERE "kind" = 'service';
  INSERT INTO "accountRight" ("holder", "code")
    SELECT "holder", given FROM "rightHolder" JOIN "serviceAccount" ON "id" = "principalId"
    CROSS JOIN (VALUES ('oversee'), ('administer-service')) AS of_integrations (given)
    WHERE "kind" = 'service' AND "role" = 'integration';
`;

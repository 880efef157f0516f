/** What people call those who act, and what it was done to. */
import type { AuditIndexTable, Metadata } from "../storage/metadata-tables.ts";

type Indexed = Pick<AuditIndexTable, "actor" | "about" | "subject" | "evidenceId" | "caseId">;

export interface Names {
  /** As they are known by now; what the trail calls them where nobody knows them any more. */
  actorOf(actor: string): string;
  /** Null where nothing of that id is there. */
  subjectOf(entry: Indexed): string | null;
  evidenceOf(entry: Indexed): string | null;
}

/** Of people and accounts that a part of a name fits. */
const FITTING_MOST = 100;
/** As many values as every engine takes in one statement. */
const AT_A_TIME = 500;

/** @returns how the trail names those whose name, or user name, has the text in it */
export async function actorsNamed(db: Metadata, text: string): Promise<string[]> {
  const wanted = text.toLocaleLowerCase("en");
  const fits = (...names: readonly string[]): boolean =>
    names.some((name) => name.toLocaleLowerCase("en").includes(wanted));
  const people = await db.selectFrom("webUser").select(["username", "fullName"]).execute();
  const accounts = await db.selectFrom("serviceAccount").select(["principalId", "name"]).execute();
  return [
    ...people.filter((one) => fits(one.username, one.fullName)).map(({ username }) => `user:${username}`),
    ...accounts.filter((one) => fits(one.principalId, one.name)).map((one) => `service:${one.principalId}`),
    ...["system", "anonymous"].filter((name) => fits(name)),
    // Whoever is not there any more, by the whole name.
    ...[`user:${text}`, `service:${text}`],
  ].slice(0, FITTING_MOST);
}

export async function namesOf(db: Metadata, entries: readonly Indexed[]): Promise<Names> {
  const subjects = (about: string): string[] =>
    entries.filter((entry) => entry.about === about).map(({ subject }) => subject);
  const actors = (kind: "user" | "service"): string[] =>
    entries.flatMap(({ actor }) => (actor.startsWith(`${kind}:`) ? [actor.slice(kind.length + 1)] : []));
  const evidence = await named(
    entries.flatMap(({ evidenceId }) => evidenceId ?? []),
    (ids) =>
      db.selectFrom("evidence").select(["evidenceId as id", "name"]).where("evidenceId", "in", ids).execute(),
  );
  const files = await named(subjects("file"), (ids) =>
    db.selectFrom("resource").select(["resourceId as id", "name"]).where("resourceId", "in", ids).execute(),
  );
  const cases = await named(subjects("case"), (ids) =>
    db.selectFrom("caseFile").select(["caseId as id", "name"]).where("caseId", "in", ids).execute(),
  );
  const people = await named([...actors("user"), ...subjects("person")], (ids) =>
    db
      .selectFrom("webUser")
      .select(["username as id", "fullName as name"])
      .where("username", "in", ids)
      .execute(),
  );
  const accounts = await named([...actors("service"), ...subjects("account")], (ids) =>
    db
      .selectFrom("serviceAccount")
      .select(["principalId as id", "name"])
      .where("principalId", "in", ids)
      .execute(),
  );
  const bySubject = new Map([
    ...([
      ["evidence", evidence],
      ["file", files],
      ["case", cases],
    ] as const),
    ...([
      ["person", people],
      ["account", accounts],
    ] as const),
  ]);
  return {
    actorOf: (actor) => {
      const [, kind, id = ""] = /^(user|service):(.*)$/.exec(actor) ?? [];
      return (kind === "user" ? people : accounts).get(id) || id || actor;
    },
    subjectOf: ({ about, subject }) => bySubject.get(about as "case")?.get(subject) ?? null,
    evidenceOf: ({ evidenceId }) => (evidenceId === null ? null : (evidence.get(evidenceId) ?? null)),
  };
}

async function named(
  ids: readonly string[],
  read: (ids: string[]) => Promise<{ id: string; name: string }[]>,
): Promise<ReadonlyMap<string, string>> {
  const once = [...new Set(ids)];
  const names = new Map<string, string>();
  for (let at = 0; at < once.length; at += AT_A_TIME) {
    for (const { id, name } of await read(once.slice(at, at + AT_A_TIME))) names.set(id, name);
  }
  return names;
}

/** The page `docs/reference/rights.md`, made of the table that the tests use. */
import { type Action, ruleOf } from "../http/actions.ts";
import { ROLES, RIGHTS_TABLE, type Verdict } from "./rights-table.ts";

const WORDS: Readonly<Record<Action, string>> = {
  "read-lists": "read departments, categories, fields, names of people and groups",
  "register-key": "register the key that signs its manifests",
  "create-case": "create a case",
  "create-evidence": "create an evidence",
  "see-administration": "see how the service is",
  "manage-jobs": "cancel jobs and start them anew, verify everything",
  "manage-catalogue": "keep departments and categories, say how long evidence is kept",
  "manage-retention": "see what goes next and the recycle bin, take back from it, remove from it for good",
  "protect-case": "protect a case from deletion, and lift that",
  "protect-evidence": "protect an evidence from deletion, and lift that",
  "manage-default-access": "say what new cases and evidence begin with",
  "administer-people": "make accounts and groups, lock them, give rights, require and reset second factors",
  "use-own-account": "change the own password and second factor, end own sign-ins",
  "read-audit": "read the audit trail of everything, and of a person",
  "read-audit-of-case": "read the audit trail of a case",
  "read-audit-of-evidence": "read the audit trail of an evidence",
  "list-cases": "list and search the cases that it sees",
  "list-evidence": "list and search the evidence that it sees",
  "read-case": "read a case",
  "file-into-case": "put evidence into a case",
  "edit-case": "correct the facts of a case",
  "read-notes": "read the notes of a case",
  "write-notes": "write notes of a case, and correct the own ones",
  "close-case": "close and reopen a case",
  "manage-access-to-case": "say who sees a case, and ask why",
  "read-evidence": "read an evidence and the names of its files",
  "play-evidence": "play an evidence",
  "verify-evidence": "verify an evidence",
  "download-evidence": "download files",
  "link-evidence": "take an evidence into another case",
  "unlink-evidence": "take an evidence out of its case",
  "send-evidence": "send files of an evidence, and complete it",
  "manage-access-to-evidence": "say who sees an evidence that is in no case, and ask why",
};

const SIGNS: Readonly<Record<Verdict, string>> = { "+": "yes", "-": "no", ".": "hidden" };

const HEAD = `# Rights

Who may do what. The table is made of the data by which every route is tried with every role (\`evidence-service/testing/rights-table.ts\`); a route that it does not know fails the tests. [Decision 153](../decisions/0153-rights-are-rows-and-one-decision.md) says how it is decided.

- _yes_: may. _no_: is refused, with 403 \`NOT_ALLOWED\`. _hidden_: does not learn whether it is there; 404 \`NOT_FOUND\`.
- Of what is done to a case or an evidence there are two words: for theirs, and for what they were given nothing on. A sender's evidence is what itself sent.
`;

/** The text of the page. */
export function rightsPage(): string {
  const roles = ROLES.map(({ name, says }) => `- **${name}**: ${says}.`).join("\n");
  const [onObjects, onNothing] = [true, false].map((isOnObject) =>
    Object.entries(RIGHTS_TABLE)
      .filter(([action]) => isOnObject === isObjectAction(action))
      .map(([action, row]) => [wordsOf(action), ...row.split(/ +/).map(inWords)]),
  );
  const head = (first: string): string[] => [first, ...ROLES.map(({ name }) => name)];
  return [
    `${HEAD}\n## Roles\n\n${roles}\n`,
    `## Of the service\n\n${table([head("what"), ...(onNothing ?? [])])}\n`,
    `## Of cases and evidence\n\n${table([head("what"), ...(onObjects ?? [])])}\n`,
  ].join("\n");
}

const isAction = (text: string): text is Action => Object.hasOwn(WORDS, text);
const wordsOf = (action: string): string => (isAction(action) ? WORDS[action] : action);

function isObjectAction(action: string): boolean {
  return isAction(action) && ["case", "evidence"].includes(ruleOf(action).on);
}

function inWords(cell: string): string {
  const words = Array.from(cell, (sign) => SIGNS[sign as Verdict]);
  return words.every((word) => word === words[0]) ? (words[0] ?? "") : words.join(", ");
}

/** As the formatter aligns it. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

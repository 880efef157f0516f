/** What fails here has a code of the tables of advice; a code that another program said comes through a parser. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { importsOf } from "./imports.ts";
import { readProductionFiles } from "./production-files.ts";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));
const files = readProductionFiles(rootFolder);

const FOREIGN_CODE = "shared/domain/foreign-code.ts";

/** What reads an answer of another program, or what another version of this one wrote or sends. */
const PARSERS = [
  "electron/adapters/http-exchange.ts",
  "electron/adapters/journal/journal-rows.ts",
  "electron/adapters/segment-encryptor/send-segment.ts",
  "shared/ipc-contract/values.ts",
];

test("only parsers make a code that no table has", () => {
  const users = files
    .flatMap(importsOf)
    .filter(({ to, isType }) => to === FOREIGN_CODE && !isType)
    .map(({ from }) => from);
  expect([...new Set(users)].toSorted()).toEqual(PARSERS);
});

test("nobody else takes a text for a code", () => {
  const casting = files.filter(({ text }) =>
    /\bas (FailureCode|ForeignCode|AdvisedCode|AnsweredCode)\b/.test(text),
  );
  expect(casting.map(({ path }) => path)).toEqual([FOREIGN_CODE]);
});

/**
 * Lengths of time, sizes, counts and instants are written in shared/words and nowhere else, so that each reads the same
 * wherever people meet it. A sentence for each place that writes one by hand. Texts for programs are let through by the
 * file, each with its reason.
 */
import { Visitor, type ESTree } from "vite";
import { lineFinder } from "./functions.ts";
import type { ProductionFile } from "./production-files.ts";

const WRITTEN_IN = "shared/words/";

interface Exception {
  readonly path: string;
  readonly because: string;
}

/** Files that write instants as ISO 8601 (`toISOString`), because a program reads what they write. */
const INSTANTS_FOR_PROGRAMS: readonly Exception[] = [
  { path: "shared/domain/zone-offset.ts", because: "the words of instants are cut out of it" },
  { path: "runtime/files/folder-lock.ts", because: "a lock file is read by the next program" },
  { path: "archive/ground/log.ts", because: "a line of a log begins with it" },
  { path: "archive/playback/playlist.ts", because: "a playlist has it so (RFC 8216)" },
  { path: "archive/check/invariants.ts", because: "the archive's check prints JSON" },
  {
    path: "electron/adapters/clearance-client/clearance-destination.ts",
    because: "the public API has it so",
  },
  { path: "web-app/service-client/sent-instant.ts", because: "the service is sent instants so" },
  { path: "electron/adapters/report/report-facts.ts", because: "a report is searched by instants" },
  { path: "electron/adapters/report/site-reports.ts", because: "a file's name is made of it" },
  { path: "electron/desktop-shell/update-installer.ts", because: "electron-updater reads it" },
  { path: "evidence-service/audit/audit-heads.ts", because: "a head is signed as it is written" },
  { path: "evidence-service/blobs/sas.ts", because: "an address is signed with it" },
  { path: "evidence-service/consolidation/hls-timeline.ts", because: "a playlist has it so (RFC 8216)" },
  { path: "evidence-service/storage/iso-instant.ts", because: "the APIs and the tables have it so" },
  { path: "design-system/date-time-field/local-instant.ts", because: "a calendar is asked for a day by it" },
  { path: "renderer/features/export-timeline/timeline-ticks.ts", because: "a day is found by it" },
  {
    path: "renderer/features/export-wizard/custom-field.ts",
    because: "a date of the public API is checked by it",
  },
  { path: "renderer/features/notification-tray/export-card.tsx", because: "an element `time` has it so" },
  { path: "web-app/pages/evidence-facts.tsx", because: "the component that writes instants takes it" },
];

/** Of the language's own ways to write a value for people, which follow the machine's settings or their own. */
const BY_THE_LANGUAGE = new Set(["toLocaleString", "toLocaleDateString", "toLocaleTimeString"]);
const MAKES_A_WRITER = new Set(["DateTimeFormat", "NumberFormat", "DurationFormat", "RelativeTimeFormat"]);

/** Files that ask the language for names and zones, and show no value as it writes it. */
const ASK_THE_LANGUAGE: readonly Exception[] = [
  { path: "shared/domain/zone-offset.ts", because: "it finds out how far a zone is from UTC" },
  { path: "shared/domain/bandwidth-schedule.ts", because: "it finds out the hour in a zone" },
  {
    path: "design-system/date-time-field/typed-instant/instant-on-side.ts",
    because: "names of zones that people type are known from it",
  },
  {
    path: "design-system/date-time-field/typed-instant/typed-date.ts",
    because: "names of months and days that people type are known from it",
  },
  { path: "electron/adapters/site/site-folder.ts", because: "it asks for the machine's zone" },
  { path: "electron/ipc-handlers/site-handlers.ts", because: "it asks whether a zone is one" },
];

/** How a text goes on behind a number that it gives a unit by hand. */
const OF_TIME = /^[ \u{a0}](ms|s|min|h|d|days?|hours?|minutes?|seconds?|weeks?)(?![\w/·-])/u;
const OF_SIZE = /^[ \u{a0}]?([kKMGT]i?B)(?!\w)/u;

/** An exact size has its thousands apart, as formatNumber writes it. */
const OF_BYTES = /^ bytes(?!\w)/;

/** Files whose sizes are for whoever mends a program or a file, and where shared/words is not known. */
const SIZES_FOR_PROGRAMMERS: readonly Exception[] = [
  { path: "archive/recorder/frames/pipe-reader.ts", because: "a recorder's stream is broken" },
  { path: "evidence-service/blobs/block-blob-routes.ts", because: "a client of the blob protocol is told" },
  { path: "evidence-service/blobs/supported.ts", because: "a client of the blob protocol is told" },
  { path: "media/byte-source.ts", because: "the media room knows no words" },
  { path: "media/track-fragment-reader.ts", because: "the media room knows no words" },
  { path: "shared/archive-api/live-stream.ts", because: "a program breaks the contract" },
  { path: "evidence-service/api/purge.ts", because: "what has arrived is compared with it, to the byte" },
];

const SENTENCES = {
  iso: "an instant is written by shared/words/instants.ts or moments.ts",
  locale: "a value is written by shared/words",
  time: "a length of time is written by shared/words/durations.ts",
  size: "a size is written by shared/words/amounts.ts, an exact one by formatNumber",
  count: "a count with its noun is written by formatCount of shared/words/amounts.ts",
} as const;

/** @param files those that ship: what developers print for themselves is theirs */
export function spokenFormOffences(files: readonly ProductionFile[]): string[] {
  return files.flatMap((file) =>
    file.parsed === undefined || file.path.startsWith(WRITTEN_IN)
      ? []
      : offencesOf(file, file.parsed.program),
  );
}

/** Rows that let nothing through any more. */
export function needlessSpokenForms(files: readonly ProductionFile[]): string[] {
  const isNeedless = ({ path }: Exception, sign: RegExp): boolean =>
    !files.some((file) => file.path === path && sign.test(file.text));
  return [
    ...INSTANTS_FOR_PROGRAMS.filter((row) => isNeedless(row, /toISOString/)),
    ...SIZES_FOR_PROGRAMMERS.filter((row) => isNeedless(row, /\} bytes/)),
    ...ASK_THE_LANGUAGE.filter((row) => isNeedless(row, /\bIntl\b/)),
  ].map(({ path }) => `${path} needs no exception any more: take it out of dev/structure/spoken-forms.ts.`);
}

function offencesOf(file: ProductionFile, program: ESTree.Program): string[] {
  const lineAt = lineFinder(file.text);
  const isAmong = (rows: readonly Exception[]): boolean => rows.some(({ path }) => path === file.path);
  const found: string[] = [];
  const tell = (node: { start: number }, kind: keyof typeof SENTENCES): void => {
    found.push(`${file.path}:${lineAt(node.start)}: ${SENTENCES[kind]}.`);
  };
  const tellUnit = (node: { start: number }, text: string): void => {
    if (OF_TIME.test(text)) tell(node, "time");
    if (OF_SIZE.test(text)) tell(node, "size");
  };
  new Visitor({
    MemberExpression: ({ start, property }) => {
      const name = property.type === "Identifier" ? property.name : "";
      if (name === "toISOString" && !isAmong(INSTANTS_FOR_PROGRAMS)) tell({ start }, "iso");
      const isWriter = MAKES_A_WRITER.has(name) && !isAmong(ASK_THE_LANGUAGE);
      if (BY_THE_LANGUAGE.has(name) || isWriter) tell({ start }, "locale");
    },
    TemplateLiteral: ({ quasis, expressions }) => {
      for (const [at, quasi] of quasis.slice(1).entries()) {
        const text = quasi.value.cooked ?? "";
        tellUnit(quasi, text);
        const isByHand = OF_BYTES.test(text) && !isExactNumber(expressions[at]);
        if (isByHand && !isAmong(SIZES_FOR_PROGRAMMERS)) tell(quasi, "size");
      }
    },
    BinaryExpression: (node) => {
      if (node.operator === "+" && isText(node.right)) tellUnit(node, node.right.value);
    },
    JSXElement: ({ children }) => tellUnitsIn(children, tellUnit),
    JSXFragment: ({ children }) => tellUnitsIn(children, tellUnit),
    ConditionalExpression: (node) => {
      if (isOne(node.test) && isPlural(node.consequent, node.alternate)) tell(node, "count");
    },
  }).visit(program);
  return found;
}

function tellUnitsIn(
  children: readonly ESTree.JSXChild[],
  tell: (node: { start: number }, text: string) => void,
): void {
  for (const [at, child] of children.entries()) {
    if (child.type === "JSXText" && children[at - 1]?.type === "JSXExpressionContainer")
      tell(child, child.value);
  }
}

const isExactNumber = (node: ESTree.Expression | undefined): boolean =>
  node?.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "formatNumber";

const isText = (node: ESTree.Node): node is ESTree.StringLiteral =>
  node.type === "Literal" && typeof node.value === "string";

const isOne = (node: ESTree.Expression): boolean =>
  node.type === "BinaryExpression" &&
  node.operator === "===" &&
  node.right.type === "Literal" &&
  node.right.value === 1;

/** `"1 camera" : …`, `"camera" : "cameras"` and `"" : "s"`. */
function isPlural(one: ESTree.Expression, more: ESTree.Expression): boolean {
  if (!isText(one)) return false;
  return one.value.startsWith("1 ") || (isText(more) && more.value === `${one.value}s`);
}

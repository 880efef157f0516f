/** A word of the glossary and the folders in which it would mean something else than it does there. */
export interface WordRow {
  readonly word: RegExp;
  /** Where no name may contain it. */
  readonly rooms: readonly string[];
  /** Names that contain it all the same, each with the reason. */
  readonly allowed: Readonly<Record<string, string>>;
  /** What to say there. */
  readonly instead: string;
}

/** Words that had two meanings once. Names of code are held to them; prose is read by people. */
export const WORDS: readonly WordRow[] = [
  {
    word: /(?<!init|media)segment/i,
    rooms: ["archive", "media", "dev/demo-site"],
    allowed: {
      segmentSeconds: "written so in the settings of every archive",
      segments: "printed so by the archive's check",
    },
    instead: "a segment is a part of a camera export: an archive has footage files, a format media segments",
  },
];

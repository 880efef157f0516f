/** Pairs of files that say the same for a reason, and may change apart. */
export const REPEATED_ON_PURPOSE: readonly { files: readonly [string, string]; why: string }[] = [
  {
    files: ["electron/adapters/journal/journal-rows.ts", "shared/archive-api/archive-api.ts"],
    why: "What the journal has written down is read in its own form, whatever the archive's API becomes.",
  },
];

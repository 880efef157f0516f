/** Pairs of files that say the same for a reason, and may change apart. */
export const REPEATED_ON_PURPOSE: readonly { files: readonly [string, string]; why: string }[] = [
  {
    files: ["electron/adapters/journal/journal-rows.ts", "shared/archive-api/archive-api.ts"],
    why: "What the journal has written down is read in its own form, whatever the archive's API becomes.",
  },
  {
    files: ["shared/archive-api/archive-api.ts", "shared/ipc-contract/camera-contract.ts"],
    why: "What the archive answers of its holdings, and what the page is told of them, are two contracts: no contract knows another, and the domain knows no library with which both could be made.",
  },
];

/** What both runtimes are asked, by what it shows; the answers of both must be alike. */
export type Checks = Readonly<Record<string, () => unknown>>;

export const scriptsNotRun: Readonly<Record<string, string>>;

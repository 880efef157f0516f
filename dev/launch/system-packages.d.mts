export type SystemFamily = "debian" | "ubuntu" | "fedora" | "macos" | "windows" | "other";
export function hasProgram(name: string): boolean;
export function describeSystem(platform?: string, osRelease?: string): SystemFamily;
export function howToInstall(needed: string[], family: SystemFamily): string;
/** Installs what is missing, or says in one sentence what to install. @throws Error with that sentence */
export function ensureSystemPackages(needs: readonly string[]): Promise<void>;

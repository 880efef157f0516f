export type SystemFamily = "debian" | "ubuntu" | "fedora" | "macos" | "windows" | "other";
export function hasProgram(name: string): boolean;
export function describeSystem(platform?: string, osRelease?: string): SystemFamily;
export function howToInstall(needed: string[], family: SystemFamily): string;

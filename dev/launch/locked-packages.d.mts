/** What package-lock.json says of one package. */
export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
  readonly hasInstallScript?: boolean;
  readonly os?: string | string[];
  readonly cpu?: string | string[];
  readonly libc?: string | string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
export type LockedPackages = Readonly<Record<string, LockedPackage>>;
export interface System {
  readonly os: string;
  readonly cpu: string;
  readonly libc?: string;
}
export function lockedPackages(): LockedPackages;
export function thisSystem(): System;
export function isFor(system: System, entry: LockedPackage): boolean;
export function faultsOfLock(packages: LockedPackages): string[];
export function notInstalled(locked: LockedPackages, installed: LockedPackages, system?: System): string[];

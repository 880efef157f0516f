import { throwingOnLacking } from "./not-available.ts";

const switches = new Map<string, string>();

/** Stand-in for `app.commandLine`; what is appended before the first window reaches Chromium. */
export const commandLine = throwingOnLacking("app.commandLine", {
  appendSwitch(name: string, value = ""): void {
    switches.set(name, value);
  },
  hasSwitch(name: string): boolean {
    return (
      switches.has(name) || process.argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`))
    );
  },
  getSwitchValue(name: string): string {
    const given = process.argv.find((word) => word.startsWith(`--${name}=`));
    return switches.get(name) ?? given?.slice(name.length + 3) ?? "";
  },
});

/** @returns the appended switches as Chromium takes them */
export function chromiumSwitches(): string[] {
  return [...switches].map(([name, value]) => (value === "" ? `--${name}` : `--${name}=${value}`));
}

import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { writeWhole } from "#runtime/files/whole-file.ts";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import type { StartAtLogOn } from "#shared/ipc-contract/startup-contract.ts";
import type { LogOnStart } from "./log-on-start.ts";
import { cannotBeStarted, desktopEntry, execLine, fieldsOf, nameValue } from "./desktop-entry.ts";

export interface AutostartOptions {
  /** `$XDG_CONFIG_HOME`, else `~/.config`. */
  readonly configFolder: string;
  readonly siteRoot: string;
  readonly siteName: string;
  /** The program and its words. */
  readonly command: readonly string[];
}

/**
 * Linux: an entry in the user's autostart folder ("Desktop Application Autostart Specification"), one for each site.
 */
export class AutostartEntry implements LogOnStart {
  readonly #path: string;
  readonly #options: AutostartOptions;
  readonly #exec: string;

  constructor(options: AutostartOptions) {
    const ofSite = createHash("sha256").update(options.siteRoot).digest("hex").slice(0, 12);
    this.#path = join(options.configFolder, "autostart", `evidence-desk-${ofSite}.desktop`);
    this.#options = options;
    this.#exec = execLine(options.command);
  }

  async state(): Promise<StartAtLogOn> {
    const path = this.#path;
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if (!saysMissing(error)) console.error("The entry for the start at log-on cannot be read.", error);
      return null;
    });
    if (text === null) return { kind: "off" };
    const fields = fieldsOf(text);
    // As desktops switch an entry off that they leave where it is.
    const isOff = fields.get("Hidden") === "true" || fields.get("X-GNOME-Autostart-enabled") === "false";
    if (isOff) return { kind: "off" };
    const exec = fields.get("Exec") ?? "";
    return exec === this.#exec ? { kind: "on", path } : { kind: "other", path, command: exec };
  }

  async change(startsAtLogOn: boolean): Promise<Outcome<void>> {
    if (startsAtLogOn && cannotBeStarted(this.#options.command)) return NOT_A_NAME;
    try {
      await (startsAtLogOn ? this.#write() : rm(this.#path, { force: true }));
      return succeeded(undefined);
    } catch (error) {
      console.error("The start at log-on cannot be changed.", error);
      return failed(
        "START_AT_LOG_ON_NOT_CHANGED",
        `Nothing was changed: ${this.#path} cannot be ${startsAtLogOn ? "written" : "removed"}.`,
      );
    }
  }

  /** All of it or nothing: a desktop may be reading it. */
  async #write(): Promise<void> {
    const { siteName, siteRoot } = this.#options;
    const text = desktopEntry({
      Type: "Application",
      Name: nameValue(`${PRODUCT_NAME}, ${siteName}`),
      Comment: nameValue(`Opens the console on ${siteRoot} at log-on`),
      Exec: this.#exec,
      Terminal: "false",
    });
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    await writeWhole(this.#path, text);
  }
}

const NOT_A_NAME = failed(
  "START_AT_LOG_ON_IMPOSSIBLE",
  "The path of the console or of its site has a character with which the desktop cannot start it.",
  "Move it to a folder without line breaks, and without “=” and “%” in the program's own path.",
);

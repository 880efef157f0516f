import type { Started } from "#proofs/newcomer/started.ts";

/** What a program says once it takes requests: a console without a display, or one of the services. */
const READY = /attach to (\S+)|"listening":"([^"]+)"/;
const UNCLEAN = /did not end cleanly|Error/;

/** The terminals of a reader: one for each command that goes on running, and one for all others. */
export class Terminals {
  readonly #start: (command: string) => Promise<Started>;
  readonly #running = new Map<string, Started>();
  #printed = "";

  /** @param start starts a line as a shell would, in the folder of the checkout */
  constructor(start: (command: string) => Promise<Started>) {
    this.#start = start;
  }

  /** What the commands have printed that have ended. */
  get printed(): string {
    return this.#printed;
  }

  /** @throws Error with what was said, where the command ends otherwise than with 0 */
  async run(command: string): Promise<void> {
    const started = await this.#start(command);
    const code = await started.ended();
    if (code !== 0) throw new Error(`“${command}” ended with ${code}:\n${started.said}`);
    this.#printed += started.said;
  }

  /** @returns the address that the command tells once it is ready */
  async keepRunning(name: string, command: string): Promise<string> {
    const started = await this.#start(command);
    this.#running.set(name, started);
    const [, page, service] = await started.says(READY);
    return page ?? service ?? "";
  }

  /** @throws Error with what was said, where the program ends otherwise than in order */
  async interrupt(name: string): Promise<void> {
    const started = this.#running.get(name);
    if (started === undefined) throw new Error(`Nothing runs in the terminal of the ${name}.`);
    this.#running.delete(name);
    // npm itself ends with 1 when its terminal interrupts it, whatever its program answered.
    await started.interrupt();
    if (UNCLEAN.test(started.said)) throw new Error(`The ${name} did not end in order:\n${started.said}`);
  }

  /** What each terminal shows that is still open. */
  get shown(): string {
    return [...this.#running].map(([name, { said }]) => `${name}:\n${said}`).join("\n");
  }

  async closeAll(): Promise<void> {
    for (const [name, started] of this.#running) {
      this.#running.delete(name);
      await started.interrupt();
    }
  }
}

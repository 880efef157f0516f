import { resolve } from "node:path";

/** How a program is started. */
export interface StartCommand {
  /** An absolute path. */
  readonly program: string;
  readonly words: readonly string[];
}

/** Of `process`, `app` and what the console was told. */
export interface RunningAs {
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly argv: readonly string[];
  readonly isPackaged: boolean;
  /** Where the console runs out of an AppImage: its file. The program itself lies in a folder that goes with this run. */
  readonly appImage: string | undefined;
  readonly siteRoot: string;
  readonly switches: readonly string[];
}

/** The words with which this console is started again on its site: the site is named, a file that was opened is not. */
export function commandToStart(running: RunningAs): StartCommand {
  const { execPath, execArgv, argv, isPackaged, appImage, siteRoot, switches } = running;
  const own = [...switches, `--site=${siteRoot}`];
  if (appImage !== undefined && appImage !== "") return { program: appImage, words: own };
  if (isPackaged) return { program: execPath, words: own };
  const program = argv.slice(1).find((word) => !word.startsWith("-")) ?? ".";
  return { program: execPath, words: [...execArgv, resolve(program), ...own] };
}

/** Nobody who sets a program to start by itself means a way into it for debuggers as well. */
export function withoutDebugging({ program, words }: StartCommand): StartCommand {
  return { program, words: words.filter((word) => !/^--(inspect|remote-debugging-port)(=|$)/.test(word)) };
}

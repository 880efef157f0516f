import { basename } from "node:path";
import type { Operator } from "#shared/domain/operator.ts";
import { visibleName } from "#shared/domain/names.ts";

/** A file, and which opening of one it was. */
export interface OpenedFile {
  readonly fileId: number;
  readonly path: string;
  /** As it can be shown. */
  readonly fileName: string;
}

/**
 * The connection file that somebody opened with the console last: by a double click, or as a word at its start. It waits
 * for whoever may import it. An operator who may not is told so, and then it is gone: nobody is asked hours later about
 * what somebody else had opened.
 */
export class FileToImport {
  readonly #operator: () => Operator | null;
  readonly #announce: (told: { readonly fileName: string; readonly isForOthers: boolean }) => void;
  #opened = 0;
  #waiting: OpenedFile | null = null;

  constructor(
    operator: () => Operator | null,
    announce: (told: { readonly fileName: string; readonly isForOthers: boolean }) => void,
  ) {
    [this.#operator, this.#announce] = [operator, announce];
  }

  get waiting(): OpenedFile | null {
    return this.#waiting;
  }

  /** @param path an absolute path */
  open(path: string): void {
    this.#opened += 1;
    this.#waiting = { fileId: this.#opened, path, fileName: visibleName(basename(path)) };
    this.sessionChanged();
  }

  /** Somebody has logged on or off, or was there when it was opened. */
  sessionChanged(): void {
    const operator = this.#operator();
    if (this.#waiting === null || operator === null) return;
    const isForOthers = !operator.privileges.includes("configure");
    this.#announce({ fileName: this.#waiting.fileName, isForOthers });
    if (isForOthers) this.#waiting = null;
  }

  /** Somebody has decided about it. */
  settle(fileId: number): void {
    if (this.#waiting?.fileId === fileId) this.#waiting = null;
  }
}

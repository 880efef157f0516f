import { basename } from "node:path";
import type { Operator } from "#shared/domain/operator.ts";
import { visibleName } from "#shared/domain/names.ts";
import { WaitingForOperator } from "./waiting-for-operator.ts";

/** A file, and which opening of one it was. */
export interface OpenedFile {
  readonly fileId: number;
  readonly path: string;
  /** As it can be shown. */
  readonly fileName: string;
}

/**
 * The connection file that somebody opened with the console last: by a double click, or as a word at its start. It waits
 * for whoever may import it.
 */
export class FileToImport {
  readonly #file: WaitingForOperator<OpenedFile>;
  #opened = 0;

  /** @param announce tells the page; `isForOthers`: whoever is logged on may not import it, and it is gone */
  constructor(
    operator: () => Operator | null,
    announce: (told: { readonly fileName: string; readonly isForOthers: boolean }) => void,
  ) {
    this.#file = new WaitingForOperator("configure", operator, ({ fileName }, isForOthers) =>
      announce({ fileName, isForOthers }),
    );
  }

  get waiting(): OpenedFile | null {
    return this.#file.waiting;
  }

  /** @param path an absolute path */
  open(path: string): void {
    this.#opened += 1;
    this.#file.put({ fileId: this.#opened, path, fileName: visibleName(basename(path)) });
  }

  operatorChanged(): void {
    this.#file.operatorChanged();
  }

  /** Somebody has decided about it; one that was opened since is not meant. */
  settle(fileId: number): void {
    if (this.waiting?.fileId === fileId) this.#file.take();
  }
}

import { app, dialog } from "electron";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import type { UnforeseenEnd } from "./desktop-shell/unforeseen-end.ts";
import { endAfterUnforeseenError } from "./desktop-shell/unforeseen-error.ts";

interface EndAfterErrorParts {
  readonly unforeseenEnd: UnforeseenEnd;
  /** Ends everything but this process. */
  readonly stop: () => Promise<void>;
  /** Has this console started again once it has ended. */
  readonly startAnew: () => void;
}

/** The packaged program starts anew by itself, but not for ever; one that was started from a terminal tells it there. */
export function watchForUnforeseenErrors({ unforeseenEnd, stop, startAnew }: EndAfterErrorParts): void {
  endAfterUnforeseenError({
    log: (sentence, error) => console.error(sentence, error),
    stop,
    end: () => {
      const isAgain = unforeseenEnd.note(Date.now());
      const sentence = `${PRODUCT_NAME} has ended because of an error. Exports go on when it is started again.`;
      if (app.isPackaged && !isAgain) startAnew();
      else if (app.isPackaged) dialog.showErrorBox(PRODUCT_NAME, sentence);
      else console.error(sentence);
      app.exit(1);
    },
  });
}

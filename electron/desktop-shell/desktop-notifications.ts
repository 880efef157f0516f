import type { Notification } from "electron";

/** Of Electron's notification. */
export type DesktopNotification = Pick<Notification, "show" | "close"> & {
  on(event: "click", listener: () => void): unknown;
};

interface Words {
  readonly title: string;
  readonly body: string;
}

/**
 * Notifications of the desktop that can be clicked. Each is kept for as long as what it tells of: the desktop keeps them
 * in a list, and a click on one whose object was collected is lost.
 */
export class DesktopNotifications {
  readonly #make: (words: Words) => DesktopNotification;
  readonly #kept = new Map<string, DesktopNotification>();

  constructor(make: (words: Words) => DesktopNotification) {
    this.#make = make;
  }

  /** @param about what it tells of; what was told of that before is taken back */
  tell(about: string, words: Words, onClick: () => void): void {
    this.takeBack([about]);
    const notification = this.#make(words);
    this.#kept.set(about, notification);
    notification.on("click", onClick);
    notification.show();
  }

  /** What they told of is not there any more. */
  takeBack(about: readonly string[]): void {
    for (const one of about) {
      this.#kept.get(one)?.close();
      this.#kept.delete(one);
    }
  }
}

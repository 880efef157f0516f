import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { DesktopNotifications } from "./desktop-notifications.ts";

class Notified extends EventEmitter {
  isShown = false;
  isClosed = false;
  readonly title: string;

  constructor({ title }: { readonly title: string }) {
    super();
    this.title = title;
  }
  show(): void {
    this.isShown = true;
  }
  close(): void {
    this.isClosed = true;
  }
}

function desktop() {
  const made: Notified[] = [];
  const notifications = new DesktopNotifications((words) => {
    const one = new Notified(words);
    made.push(one);
    return one;
  });
  const opened: string[] = [];
  const tell = (about: string, title = "Evidence is available") =>
    notifications.tell(about, { title, body: "Gate" }, () => void opened.push(about));
  return { made, notifications, opened, tell };
}

test("each opens what it tells of, also when it is clicked late and more than once", () => {
  const { made, opened, tell } = desktop();
  tell("export-1");
  tell("export-2");
  expect(made.map(({ isShown }) => isShown)).toEqual([true, true]);
  // The desktop has put it away into its list, where it can still be clicked.
  made[0]?.emit("close");
  made[1]?.emit("click");
  made[0]?.emit("click");
  made[0]?.emit("click");
  expect(opened).toEqual(["export-2", "export-1", "export-1"]);
});

test("what is told anew takes the place of what was told before", () => {
  const { made, tell } = desktop();
  tell("export-1", "An export has failed");
  tell("export-1");
  expect(made.map(({ title, isClosed }) => [title, isClosed])).toEqual([
    ["An export has failed", true],
    ["Evidence is available", false],
  ]);
});

test("what is not there any more is told of no more", () => {
  const { made, notifications, tell } = desktop();
  tell("export-1");
  tell("export-2");
  notifications.takeBack(["export-1", "unknown"]);
  notifications.takeBack(["export-1"]);
  expect(made.map(({ isClosed }) => isClosed)).toEqual([true, false]);
});

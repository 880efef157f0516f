import { resolve } from "node:path";
import { expect, test } from "vitest";
import { commandToStart, type RunningAs, withoutDebugging } from "./start-command.ts";

const running = (differences: Partial<RunningAs>): RunningAs => ({
  execPath: "/opt/Evidence Desk/evidence-desk",
  execArgv: [],
  argv: ["/opt/Evidence Desk/evidence-desk", "--site", "mine", "city.evidence-connection"],
  isPackaged: true,
  appImage: undefined,
  siteRoot: "/home/ada/mine",
  switches: [],
  ...differences,
});

test("a package is started again on its site, without the file that it was opened with", () => {
  expect(commandToStart(running({ switches: ["--no-sandbox"] }))).toEqual({
    program: "/opt/Evidence Desk/evidence-desk",
    words: ["--no-sandbox", "--site=/home/ada/mine"],
  });
});

test("an AppImage is started by its file, not by what it has unpacked for this run", () => {
  const execPath = "/tmp/.mount_Evidence/evidence-desk";
  expect(commandToStart(running({ execPath, appImage: "/home/ada/Evidence Desk.AppImage" }))).toEqual({
    program: "/home/ada/Evidence Desk.AppImage",
    words: ["--site=/home/ada/mine"],
  });
});

test("where nothing is packaged, the runtime is started with the program", () => {
  const [execPath, execArgv] = ["/usr/bin/node", ["--import", "register.ts"]];
  const argv = ["/usr/bin/node", "--no-sandbox", "out/main.js", "city.json"];
  expect(commandToStart(running({ execPath, execArgv, argv, isPackaged: false }))).toEqual({
    program: "/usr/bin/node",
    words: ["--import", "register.ts", resolve("out/main.js"), "--site=/home/ada/mine"],
  });
});

test("what starts by itself has no way in for debuggers", () => {
  const words = ["--inspect", "--remote-debugging-port=0", "--inspect=1", "--no-sandbox", "--site=/inspect"];
  expect(withoutDebugging({ program: "p", words }).words).toEqual(["--no-sandbox", "--site=/inspect"]);
});

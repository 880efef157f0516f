import { readFileSync } from "node:fs";
import { packageUnderTest } from "../fixture/packaged-console.ts";
import { commandLineOf, descendantsOf, pageProcesses } from "../fixture/page-process.ts";
import { expect, test } from "../fixture/test.ts";

/** A filter of system calls is on in a process that Chromium has sandboxed. */
const isSandboxed = (pid: number): boolean =>
  /^Seccomp:\s+2$/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

test("a packaged console finds ffmpeg without a PATH, is no Node, and its page has the sandbox that its user can have", async ({
  desk,
  screens,
}) => {
  await screens.logOn.logOn("administrator", "administrator");
  await screens.canvas.tile(1).isPlaying();
  // The demo's cameras are recorded by ffmpeg; without it there is nothing new.
  await expect
    .poll(() => descendantsOf(desk.pid).filter((pid) => /\/ffmpeg\0/.test(commandLineOf(pid))).length)
    .toBeGreaterThan(0);
  expect(desk.output()).not.toMatch(/Debugger listening/);
  const pages = pageProcesses(desk.pid);
  expect(pages.length).toBeGreaterThan(0);
  expect(pages.map(isSandboxed)).toEqual(pages.map(() => packageUnderTest()?.isSandboxed));
});

test("it names the licences of what it contains, in a file that everybody can open", async ({
  desk,
  screens,
}) => {
  await screens.logOn.logOn("administrator", "administrator");
  await screens.settings.open();
  await screens.settings.turnTo("About");
  const path = await screens.settings.dialog.getByText(/THIRD-PARTY-NOTICES\.txt$/).innerText();
  const notices = readFileSync(path, "utf8");
  for (const name of ["react", "video.js", "fastify", "better-sqlite3"])
    expect(notices).toMatch(new RegExp(`^${name} \\d`, "m"));
  expect(desk.output()).not.toContain("Error");
});

test("closing the window ends it and everything that it has started", async ({ desk, screens }) => {
  await screens.logOn.logOn("operator", "operator");
  await screens.canvas.tile(1).isPlaying();
  const started = [desk.pid, ...descendantsOf(desk.pid)];
  expect(started.length).toBeGreaterThan(4);
  await desk.close();
  const left = () => started.filter((pid) => commandLineOf(pid) !== "").map(commandLineOf);
  await expect.poll(left).toEqual([]);
});

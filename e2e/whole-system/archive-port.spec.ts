import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { ElectronApplication } from "playwright-core";
import { runtimeForTests } from "#dev/electron-runtime/runtime-for-tests.ts";
import { launchInElectron } from "../fixture/console.ts";
import { expect, test } from "../fixture/test.ts";
import { screensOf } from "../screen-objects/screens.ts";

const electron = runtimeForTests();

interface Access {
  readonly baseUrl: string;
  readonly token: string;
}

/** Answers as an archive would that lets any page read. */
async function strangerOn(port: number) {
  const asked: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers);
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    response.writeHead(200, headers).end();
  });
  // The port is free once the archive's process is gone.
  await expect(async () => {
    server.removeAllListeners("listening").listen(port, "127.0.0.1");
    await once(server, "listening");
  }).toPass({ intervals: [5], timeout: 5_000 });
  return { asked, close: () => new Promise((resolve) => server.close(resolve)) };
}

const archiveProcess = (app: ElectronApplication) =>
  app.evaluate(({ app: inMain }) => inMain.getAppMetrics().find(({ name }) => name === "archive")?.pid ?? 0);

test("whoever takes the port of an archive that has died is shown to nobody, and gets no token that opens anything", async ({
  siteDir,
}) => {
  test.skip(electron === null, "which process the archive is can be asked of Electron alone");
  if (electron === null) return;
  test.setTimeout(120_000);
  const { desk, app } = await launchInElectron(electron, { siteDir });
  const { logOn, areaView, canvas } = screensOf(desk.page);
  await logOn.logOn("operator", "operator");
  await canvas.tile(1).select();
  await areaView.open("Lobby entrance");
  await canvas.tile(1).isPlaying();
  const access = () =>
    desk.page.evaluate(async () => {
      const asking = window as unknown as {
        evidenceDesk: { request(name: string): Promise<{ ok: boolean; value: Access }> };
      };
      const answer = await asking.evidenceDesk.request("cameras.playbackAccess");
      return answer.ok ? answer.value : null;
    });
  const before = (await access())!;

  const loadedAnew = desk.page.waitForEvent("load");
  process.kill(await archiveProcess(app), "SIGKILL");
  const stranger = await strangerOn(Number(new URL(before.baseUrl).port));
  await loadedAnew;
  await canvas.tile(1).isPlaying();
  const now = (await access())!;
  expect(now.baseUrl).not.toBe(before.baseUrl);
  const opens = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${now.baseUrl}/cameras/lobby-entrance/live.m3u8`, { headers })).status;
  };
  expect(await opens(now.token)).not.toBe(401);
  expect(await opens(before.token)).toBe(401);
  for (const { authorization = "" } of stranger.asked)
    expect(["", `Bearer ${before.token}`]).toContain(authorization);

  // The page may not read from there any more, whoever tells it to.
  const reads = (address: string) =>
    desk.page.evaluate(
      (url) =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      address,
    );
  expect(await reads(before.baseUrl)).toBe(false);
  await stranger.close();
  await desk.close();
});

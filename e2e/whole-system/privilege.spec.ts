import { expect, test } from "../fixture/test.ts";
import { pastFootageEndUtcMs } from "../proof/site-facts.ts";

test("without the privilege there is no menu entry, and the main process refuses the call", async ({
  desk,
  screens,
  siteDir,
}) => {
  await screens.logOn.logOn("viewer", "viewer");
  await screens.canvas.tile(1).openMenu();
  await expect(screens.canvas.tile(1).menu.getByRole("menuitem", { name: "Expand" })).toBeVisible();
  await expect(screens.canvas.tile(1).menu.getByRole("menuitem", { name: /Send evidence/ })).toHaveCount(0);

  const endUtcMs = await pastFootageEndUtcMs(siteDir);
  const request = {
    requestId: "made-by-hand-0001",
    cameraExports: [
      {
        cameraId: "lobby-entrance",
        cameraName: "Lobby entrance",
        name: "",
        description: "",
        range: { startUtcMs: endUtcMs - 10_000, endUtcMs },
      },
    ],
    caseAssociation: { kind: "none" },
  };
  const answer = await desk.page.evaluate(async (input) => {
    const bridge = (
      window as unknown as { evidenceDesk: { request(name: string, input: unknown): Promise<unknown> } }
    ).evidenceDesk;
    return await bridge.request("exports.start", input);
  }, request);
  expect(answer).toMatchObject({ ok: false, error: { code: "NOT_PERMITTED" } });
});

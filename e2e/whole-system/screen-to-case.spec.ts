import type { RunningConsole } from "../fixture/console.ts";
import { expect, test } from "../fixture/test.ts";
import {
  ageMs,
  framesApart,
  seenNumber,
  seenPictures,
  stillNumber,
  videoOf,
} from "../proof/burnt-in-number.ts";
import { availableEvidence, expectExactFrames, framesShown } from "../proof/consolidated-video.ts";
import { Investigator } from "../proof/investigator.ts";
import { serviceAddress, withMoments } from "../proof/site-facts.ts";
import { WebPlayer } from "../proof/web-player.ts";
import type { Tile } from "../screen-objects/tile.ts";
import type { Screens } from "../screen-objects/screens.ts";

const PLAYED = "Lobby entrance";
const WATCHED = "Car park north";
const FRAMES_PER_MINUTE = 600;
/** Footage that is no older than this is called "now" in the wizard. */
const CALLED_NOW_MS = 30_000;

/** The number of the frame that comes so many later. */
const later = (number: number, frames: number): number => (number + frames + 6_000) % FRAMES_PER_MINUTE;

/** From the wizard's first step to the end, without a case; times stay as they are offered. */
async function send({ wizard }: Screens, camera: string, name: string): Promise<void> {
  await wizard.next();
  await wizard.fillTimes(camera, { name });
  await wizard.next();
  await wizard.associate("Skip and upload evidence");
  await wizard.next();
  await wizard.finish();
}

async function putCamera(screens: Screens, tile: number, camera: string): Promise<void> {
  await screens.canvas.tile(tile).select();
  await screens.areaView.open(camera);
}

async function expectOneLivePicture({ page }: RunningConsole, screens: Screens): Promise<void> {
  const tiles = [2, 3, 4].map((number) => screens.canvas.tile(number));
  for (const tile of tiles) await expect(tile.badge).toHaveText(/^Live/, { timeout: 40_000 });
  const videos = page.locator("[data-tile='1'] video, [data-tile='2'] video, [data-tile='3'] video");
  await expect
    .poll(async () => framesApart((await seenPictures(videos)).map((seen) => seen?.number ?? Infinity)), {
      timeout: 40_000,
    })
    .toBeLessThanOrEqual(2);
  await expectAgeTold(tiles[0]!);
}

/** Ages are told in whole seconds, and looked at twice in one: this many looks of ours are longer apart than these. */
const LOOKS = 5;
const TOLD_MS = 1_000;

/** The age that is told is one that the picture had a moment ago, however busy the machine is. */
async function expectAgeTold(tile: Tile): Promise<void> {
  const ages: number[] = [];
  await expect(async () => {
    const [seen] = await seenPictures(videoOf(tile));
    ages.push(ageMs(seen!));
    expect(ages.length).toBeGreaterThanOrEqual(LOOKS);
    const told = /^The picture is (\d+) s old$/.exec((await tile.badge.getAttribute("title")) ?? "");
    const toldMs = Number(told?.[1]) * 1_000;
    const lately = ages.slice(-LOOKS);
    expect(toldMs, `of ages of ${lately.join(", ")} ms`).toBeGreaterThanOrEqual(
      Math.min(...lately) - TOLD_MS,
    );
    expect(toldMs).toBeLessThanOrEqual(Math.max(...lately) + TOLD_MS);
  }).toPass({ intervals: [300] });
}

/** How many notes of what it has played each player keeps, as VHS names them; null where it names them otherwise. */
async function notesOfPlayers({ page }: RunningConsole): Promise<(number | null)[]> {
  interface Noted extends Element {
    readonly player?: { tech(safety: true): { vhs?: { playbackWatcher_?: { playedRanges_?: unknown[] } } } };
  }
  return await page
    .locator(".video-js")
    .evaluateAll((elements: Noted[]) =>
      elements.map(
        (element) => element.player?.tech(true).vhs?.playbackWatcher_?.playedRanges_?.length ?? null,
      ),
    );
}

test("what was on the screen is what plays in the web application, to the frame; marks end with the export and with the operator", async ({
  desk,
  screens,
  siteDir,
}) => {
  const { canvas, wizard, tray } = screens;
  const played = canvas.tile(1);
  const watched = canvas.tile(2);
  const names = {
    played: `Played ${Date.now()}`,
    live: `Live ${Date.now()}`,
    marked: `Marked ${Date.now()}`,
  };
  await screens.logOn.logOn("operator", "operator");
  await putCamera(screens, 1, PLAYED);
  for (const tile of [2, 3, 4]) await putCamera(screens, tile, WATCHED);
  await played.isPlaying();

  const shown =
    await test.step("playback: a picture of the past is sought, and the minute up to it sent", async () => {
      const box = (await played.timeline.position.boundingBox())!;
      await desk.page.mouse.click(box.x + box.width * 0.3, box.y + box.height * 0.75);
      await played.isPlaying();
      // The slider has the focus by the press, and still tells where it was sent to: far from the present.
      const told = Number(await played.timeline.position.getAttribute("aria-valuenow"));
      expect(Date.now() - told).toBeGreaterThan(10 * 60_000);
      await played.element.press("Space");
      await expect(played.badge).toHaveText(withMoments("Playback …"));
      const number = await stillNumber(played);
      await wizard.openFrom(played);
      const time = ((await played.badge.textContent()) ?? "").replace("Playback ", "");
      await expect(wizard.offer).toHaveText(
        `Start and end are the minute up to the picture on the screen, ${time}.`,
      );
      expect(Number(time.slice(-2)) * 10).toBe(number - (number % 10));
      await send(screens, PLAYED, names.played);
      return number;
    });

  const live =
    await test.step("live: three tiles show one picture, its age is told, and the minute up to now sent", async () => {
      await expectOneLivePicture(desk, screens);
      // They have played for seconds, and would keep four notes of each for as long as they play.
      for (const notes of await notesOfPlayers(desk)) expect(notes).toBeLessThan(2);
      const openedUtcMs = Date.now();
      const number = (await seenNumber(videoOf(watched)))!;
      await wizard.openFrom(watched);
      await expect(wizard.offer).toHaveText(withMoments("Start and end are the minute up to now, …."));
      await send(screens, WATCHED, names.live);
      return { number, openedUtcMs };
    });

  await test.step("a mark is offered once: not after Finish, and not to the next operator", async () => {
    await played.timeline.position.press("o");
    await expect(played.timeline.startHandle).toBeVisible();
    await wizard.openFrom(played);
    await expect(wizard.offer).toHaveText(
      withMoments("Start and end are the range marked on the timeline, … to …."),
    );
    await send(screens, PLAYED, names.marked);
    await expect(played.timeline.startHandle).toBeHidden();

    await watched.timeline.markRange(0.2, 0.3);
    await expect(watched.timeline.startHandle).toBeVisible();
    // What the timeline does not show is not what anybody sees.
    const strip = (await watched.timeline.position.boundingBox())!;
    await desk.page.mouse.move(strip.x + strip.width * 0.95, strip.y + strip.height * 0.75);
    for (let notch = 0; notch < 12; notch += 1) await desk.page.mouse.wheel(0, -200);
    await wizard.openFrom(watched);
    await expect(wizard.offer).toHaveText(withMoments("Start and end are the minute up to now, …."));
    await wizard.discard();
    await desk.page.getByRole("button", { name: "Log off" }).click();
    await screens.logOn.logOn("operator", "operator");
    await expect(watched.timeline.position).toBeVisible();
    await expect(watched.timeline.startHandle).toBeHidden();
  });

  await tray.open();
  await expect(tray.exports.list.getByText("Available in Genetec Clearance™").nth(2)).toBeVisible({
    timeout: 120_000,
  });
  const address = await serviceAddress(siteDir);
  const investigator = await Investigator.signIn(address);
  const player = await WebPlayer.signIn(address);
  try {
    const { evidence, ...answer } = await availableEvidence(investigator, names.played);
    const range = { startUtcMs: Date.parse(evidence.startUtc), endUtcMs: Date.parse(evidence.endUtc) };
    expect(range.endUtcMs - range.startUtcMs).toBe(60_000);
    await expectExactFrames(investigator, { evidence, ...answer }, range);
    await player.open(evidence.evidenceId);
    await expect.poll(() => seenNumber(player.video)).toBe(later(shown, 1 - FRAMES_PER_MINUTE));
    for (let jump = 0; jump < 4; jump += 1) await player.press("l");
    await expect.poll(() => seenNumber(player.video)).toBe(shown);

    // The key that ends a range where playback is ends it with the picture on the screen as well.
    const marked = await availableEvidence(investigator, names.marked);
    expect(marked.evidence.endUtc).toBe(evidence.endUtc);

    const liveAnswer = await availableEvidence(investigator, names.live);
    const endMs = Date.parse(liveAnswer.evidence.endUtc);
    expect(endMs - Date.parse(liveAnswer.evidence.startUtc)).toBe(60_000);
    // What is offered is of now, however long ago anybody looked at what the archive holds.
    expect(endMs).toBeGreaterThanOrEqual(live.openedUtcMs - CALLED_NOW_MS);
    const last = (Math.ceil(endMs / 100) - 1) % FRAMES_PER_MINUTE;
    const frames = await framesShown(investigator, liveAnswer);
    expect(frames.at(-1)).toBe(last);
    expect(frames, "what was on the screen is in it").toContain(live.number);
    await player.open(liveAnswer.evidence.evidenceId);
    for (let jump = 0; jump < 4; jump += 1) await player.press("l");
    await expect.poll(() => seenNumber(player.video)).toBe(last);
  } finally {
    await player.close();
  }
});

import { type Browser, chromium, type Page } from "playwright-core";
import { findChromium } from "#dev/chromium-shell/chromium.ts";
import { expect, test } from "../fixture/test.ts";
import { outOfReach } from "../proof/in-reach.ts";
import { notIsolated } from "../proof/isolated-names.ts";

/** What looks at every screen must see the faults that it is there for; a look that sees nothing proves nothing. */
let browser: Browser;
let page: Page;

test.beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  page = await browser.newPage({ viewport: { width: 320, height: 256 } });
});
test.afterAll(async () => browser.close());

const LONG = "Perimeter fence between the north gate and the transformer house, camera 0001";
const LINE = "overflow: hidden; text-overflow: ellipsis; white-space: nowrap; width: 100px";

for (const [fault, html, found] of [
  [
    "a control beside the window",
    "<button style='position: fixed; left: 400px'>Send</button>",
    /outside of the window/,
  ],
  [
    "a control above what scrolls",
    "<div style='overflow: auto; height: 50px'><button style='margin-top: -60px'>Send</button></div>",
    /before the start of what scrolls/,
  ],
  ["an ellipsis and no way to the rest", `<div style='${LINE}'>${LONG}</div>`, /cut off at its side/],
  ["a text cut below", `<div style='overflow: hidden; height: 20px'>${LONG}</div>`, /cut off above or below/],
  [
    "a place to scroll without room",
    "<div style='overflow: auto; height: 8px'><p>Settings</p></div>",
    /no room to be scrolled to/,
  ],
  ["a text on a text", "<p>Live</p><p style='margin-top: -34px'>Recording</p>", /lies on/],
  ["a text that is too small", "<p style='font-size: 2px'>Step</p>", /too small/],
  [
    "columns without room",
    "<div style='overflow-x: auto'><div style='width: 600px'>Start</div></div>",
    /scrolls sideways/,
  ],
] as const) {
  test(`the look sees ${fault}`, async () => {
    await page.setContent(`<body style="margin: 8px">${html}</body>`);
    expect((await outOfReach(page)).join("; ")).toMatch(found);
  });
}

test("the look lets pass what can be got at and read", async () => {
  const lines = "<p>Line</p>".repeat(20);
  const scrolled = `<div style='overflow: auto; height: 100px'>${lines}<button>Send</button></div>`;
  const whole = `<div data-whole><div style='${LINE}'>${LONG}</div></div>`;
  await page.setContent(`<body style="margin: 8px">${scrolled}${whole}<p>${LONG}</p></body>`);
  expect(await outOfReach(page)).toEqual([]);
});

for (const [fault, html] of [
  ["a name within a sentence", "<p>שער 3 was added.</p>"],
  ["a name that shares its isolation with words", "<bdi>שער 3, through Console</bdi>"],
  ["a name in a label", "<button aria-label='Remove שער 3'>x</button>"],
  ["a mark that turns what follows", "<p><bdi>Lobby \u202Egnp.evila</bdi></p>"],
] as const) {
  test(`names: the look sees ${fault}`, async () => {
    await page.setContent(html);
    expect(await notIsolated(page)).not.toEqual([]);
  });
}

test("names: what keeps to itself passes", async () => {
  await page.setContent("<p><bdi>שער 3</bdi> was added.</p><i title='Remove \u2068שער 3\u2069'>x</i>");
  expect(await notIsolated(page)).toEqual([]);
});

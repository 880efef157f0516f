import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const FIND = ["-c", "command -v chromium || command -v google-chrome || true"];
const browserPath =
  process.env["EVIDENCE_DESK_CHROMIUM"] ??
  (await promisify(execFile)("sh", FIND).then(({ stdout }) => stdout.trim()));

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
  page = await browser.newPage();
  await page.route("http://page.test/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") return route.fulfill({ contentType: "text/html", body: "<body></body>" });
    const source = await readFile(join(import.meta.dirname, pathname), "utf8");
    return route.fulfill({ contentType: "text/javascript", body: stripTypeScriptTypes(source) });
  });
});
afterAll(async () => {
  await browser?.close();
});
beforeEach(async () => {
  await page.goto("http://page.test/");
  await page.addScriptTag({
    type: "module",
    content: `import { keepFocus } from "/focus-keeper.ts"; keepFocus(); document.body.dataset.kept = "1";`,
  });
  await page.waitForSelector("body[data-kept]");
});

async function show(html: string): Promise<void> {
  await page.evaluate((shown) => void (document.body.innerHTML = shown), html);
}
const run = (change: string) => page.evaluate(change);
const focused = () =>
  page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim(),
  );
const expectFocused = (name: string) => expect.poll(focused).toBe(name);

const CARDS = `
  <section><h2 tabindex="-1">Notifications</h2><ul>
    ${["Gate", "Lobby", "Yard"]
      .map(
        (name) =>
          `<li id="${name}" tabindex="-1" aria-label="${name}">
             <button aria-label="Retry">r</button>
             <button aria-label="Remove ${name}" onclick="this.closest('li').remove()">x</button>
           </li>`,
      )
      .join("")}
  </ul></section>`;

describe.skipIf(browserPath === "")("the focus, when what has it goes", () => {
  test("because it was pressed, is at the same control of the next one, and of the last", async () => {
    await show(CARDS);
    await page.getByLabel("Remove Lobby").focus();
    await page.keyboard.press("Enter");
    await expectFocused("Remove Yard");
    await page.keyboard.press("Enter");
    await expectFocused("Remove Gate");
    await page.keyboard.press("Enter");
    await expectFocused("Notifications");
  });

  test("without being pressed, is at the next thing itself, where Enter does nothing", async () => {
    await show(CARDS);
    await page.getByLabel("Remove Lobby").focus();
    await run("Lobby.remove()");
    await expectFocused("Yard");
  });

  test("with its neighbours, is at the first that is left on that side, or on the other", async () => {
    await show(CARDS);
    await page.getByLabel("Remove Gate").focus();
    await run("Lobby.remove(); Gate.remove()");
    await expectFocused("Yard");
    await page.getByLabel("Remove Yard").focus();
    await run("Yard.closest('ul').innerHTML = ''");
    await expectFocused("Notifications");
  });

  test("is at the card when its button goes, is hidden, or disabled", async () => {
    const goings = ["button.remove()", "button.hidden = true", "button.disabled = true"];
    for (const going of goings) {
      await show(CARDS);
      await page.locator("#Lobby").getByLabel("Retry").focus();
      await run(`{ const button = document.activeElement; ${going} }`);
      await expectFocused("Lobby");
    }
  });

  test("stays with what is moved to another place, or into another group", async () => {
    await show(`${CARDS}<section><ol aria-label="Others"></ol></section>`);
    await page.getByLabel("Remove Yard").focus();
    await run("Gate.before(Yard)");
    await expectFocused("Remove Yard");
    await run("document.querySelector('ol').append(Yard)");
    await expectFocused("Remove Yard");
    await page.getByLabel("Remove Lobby").focus();
    await page.keyboard.press("Enter");
    await expectFocused("Remove Gate");
  });

  test("is at what stands in its place when it is drawn anew", async () => {
    await show(`<main><div tabindex="0" data-focus-place="tile 1" aria-label="Gate"></div></main>`);
    await page.getByLabel("Gate").focus();
    await run(
      `document.querySelector("main").innerHTML = '<div tabindex="0" data-focus-place="tile 1" aria-label="empty"></div>'`,
    );
    await expectFocused("empty");
  });

  test("is at the first control of its part of the page when nothing is left beside it", async () => {
    await show(
      `<header><button>Log off</button></header><section><input aria-label="Search"><ul tabindex="0" aria-label="Cameras"></ul></section>`,
    );
    await page.getByLabel("Cameras").focus();
    await run("document.activeElement.remove()");
    await expectFocused("Search");
  });

  test("comes back from a dialog whose opener went with it to the opener's neighbour", async () => {
    await show(CARDS);
    await page.getByLabel("Remove Lobby").focus();
    await run(
      `document.body.insertAdjacentHTML("beforeend", '<div role="alertdialog" tabindex="-1"><button>Keep</button></div>')`,
    );
    await page.getByRole("button", { name: "Keep" }).focus();
    await run("Lobby.remove(); document.querySelector('[role=alertdialog]').remove()");
    await expectFocused("Yard");
  });

  test("is at the neighbour too in a dialog that gives lost focus to its first control", async () => {
    await show(`<div role="dialog" tabindex="-1"><button>Close</button>${CARDS}</div>`);
    await page.getByLabel("Remove Lobby").focus();
    await run(`document.addEventListener("focusout", () => requestAnimationFrame(() => {
      if (document.activeElement === document.body) document.querySelector("[role=dialog] button").focus();
    }))`);
    await page.keyboard.press("Enter");
    await expectFocused("Remove Yard");
  });

  test("stays nowhere when somebody pressed beside everything", async () => {
    await show(`${CARDS}<p>Nothing</p>`);
    await page.getByLabel("Remove Lobby").focus();
    await page.getByText("Nothing").click();
    await run("Yard.remove(); Gate.before(Lobby)");
    await run(
      "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))",
    );
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
  });

  test("comes back from what a press beside it has closed", async () => {
    await show(`<header><button>Tray</button><section>${CARDS}</section><p>Beside</p></header>`);
    await run(
      `document.addEventListener("pointerdown", () => document.querySelector("header > section").remove())`,
    );
    await page.getByLabel("Remove Lobby").focus();
    await page.getByText("Beside").click();
    await expectFocused("Tray");
  });

  test("is left alone where who closes gives it back", async () => {
    await show(`${CARDS}<div role="dialog" tabindex="-1"><button>Done</button></div>`);
    await page.getByRole("button", { name: "Done" }).focus();
    await run(`document.querySelector("[role=dialog]").remove(); requestAnimationFrame(() => Gate.focus())`);
    await expectFocused("Gate");
  });

  test("keeps nothing of what was taken out once the focus has its place", async () => {
    await show(CARDS);
    await page.getByLabel("Remove Yard").focus();
    const before = await nodesOfPage();
    // What stays in the page was beside the first of those that go, each of which was beside the next.
    await run(ADD_ROWS);
    await run("rows[0].before(Gate); list.prepend(Gate)");
    await run(REMOVE_ROWS_ONE_BY_ONE);
    await expectFocused("Remove Yard");
    expect(await nodesOfPage()).toBeLessThan(before + 100);
  });

  test("keeps nothing of what is taken out after a dialog was closed that came first", async () => {
    await show(CARDS.replace("</ul>", '<li role="dialog" id="first"><button>Log on</button></li></ul>'));
    await page.getByText("Log on").focus();
    const before = await nodesOfPage();
    await run(ADD_ROWS);
    await run("first.remove()");
    await page.getByLabel("Remove Yard").focus();
    await run(REMOVE_ROWS_ONE_BY_ONE);
    expect(await nodesOfPage()).toBeLessThan(before + 100);
  });
});

const ADD_ROWS = `
  var list = Gate.parentElement;
  var rows = Array.from({ length: 300 }, () => document.createElement("li"));
  list.append(...rows)`;
const REMOVE_ROWS_ONE_BY_ONE = `(async () => {
  await new Promise(requestAnimationFrame);
  for (const row of rows.splice(0)) { row.remove(); await null; }
})()`;

/** Also those that are in no document, as long as something refers to them. */
async function nodesOfPage(): Promise<number> {
  const session = await page.context().newCDPSession(page);
  for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "Nodes")!.value;
}

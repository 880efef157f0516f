import type { Page } from "playwright-core";

/**
 * Where on the page a name that is written from right to left turns the words around it, or a mark that steers the
 * direction got through; empty where every name keeps to itself. A name stands alone in a `bdi` or in a field, or
 * between U+2068 and U+2069 where there is no markup.
 */
export async function notIsolated(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(
    `(() => { ${PARTS.map(String).join("\n")}; return lookForNames(); })()`,
  );
}

function lookForNames(): string[] {
  const found = new Set<string>();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    if (!keepsToItself(node.textContent ?? "", node.parentElement)) found.add(`text “${node.textContent}”`);
  }
  for (const element of document.querySelectorAll("*")) {
    for (const name of ["aria-label", "aria-description", "aria-valuetext", "title", "alt", "placeholder"]) {
      const value = element.getAttribute(name) ?? "";
      if (!keepsToItself(value, null)) found.add(`${name} “${value}”`);
    }
  }
  if (!keepsToItself(document.title, null)) found.add(`the page's title “${document.title}”`);
  return [...found];
}

function keepsToItself(text: string, parent: Element | null): boolean {
  if (/[\u202A-\u202E]/.test(text)) return false;
  const bare = text.replaceAll(/\u2068[^\u2069]*\u2069/g, "");
  if (!/[\u0590-\u08FF]/.test(bare)) return true;
  const isolating = parent?.closest("bdi, textarea, option");
  // A Latin sentence that shares the isolation with the name is turned with it.
  return isolating !== null && isolating !== undefined && !/[a-z]{3}/i.test(isolating.textContent ?? "");
}

const PARTS = [lookForNames, keepsToItself];

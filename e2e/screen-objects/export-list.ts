import type { Locator } from "playwright-core";

/** Newest first; the same list stands in the notification tray and in the sidebar. */
export class ExportList {
  readonly list: Locator;

  constructor(container: Locator) {
    this.list = container.getByRole("list", { name: "Exports", exact: true });
  }

  get newest(): ExportCard {
    return new ExportCard(this.list.getByRole("article").first());
  }

  /** @param name as on the card, the cameras in words: `Gate`, `Gate and Lobby` */
  named(name: string): ExportCard {
    return new ExportCard(this.list.getByRole("article", { name, exact: true }).first());
  }
}

/** One export: cameras, case, stage, bytes, failure and what can be done. */
export class ExportCard {
  readonly card: Locator;

  constructor(card: Locator) {
    this.card = card;
  }

  button(name: "Retry" | "Send without it" | "Cancel export" | "Open in Clearance" | "Dismiss"): Locator {
    return this.card.getByRole("button", { name, exact: true });
  }

  /** Resolves when the card says that its evidence is available. */
  async isAvailable(timeoutMs = 120_000): Promise<void> {
    await this.card.getByText("Available in Genetec Clearance™").waitFor({ timeout: timeoutMs });
  }
}

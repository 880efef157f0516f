import { succeeded } from "#shared/domain/failure.ts";
import type { UpdateOffers } from "../adapters/update/update-offers.ts";
import type { AreaHandlers } from "./handler.ts";

export function updateHandlers(offers: UpdateOffers): AreaHandlers<"update"> {
  const state = () => succeeded(offers.state());
  return {
    "update.state": state,
    "update.usePlace": async ({ place }) => {
      const used = await offers.usePlace(place);
      return used.ok ? state() : used;
    },
    "update.look": async () => {
      await offers.look();
      return state();
    },
    "update.install": ({ despiteExports }) => offers.install(despiteExports),
  };
}

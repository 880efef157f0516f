import { isAbsolute } from "node:path";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import type { ProxyFor } from "../proxy/proxy-choice.ts";
import { FolderPlace } from "./folder-place.ts";
import { HttpsPlace } from "./https-place.ts";
import type { UpdatePlace } from "./update-place.ts";

/** @returns UPDATE_PLACE_INVALID */
export function updatePlaceOf(entered: string, proxyFor: ProxyFor): Outcome<UpdatePlace> {
  const place = entered.trim();
  if (/^https:\/\//i.test(place)) {
    const url = URL.canParse(place) ? new URL(place) : null;
    const isPlain =
      url !== null && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
    return isPlain ? succeeded(new HttpsPlace(url, proxyFor)) : PLACE_INVALID;
  }
  return isAbsolute(place) && !place.includes("\0") ? succeeded(new FolderPlace(place)) : PLACE_INVALID;
}

const PLACE_INVALID = failed(
  "UPDATE_PLACE_INVALID",
  "This is neither the full path of a folder nor an address with https.",
);

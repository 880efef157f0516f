import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { assertNever } from "#shared/domain/failure.ts";
import { listen, type MainProcessEvent } from "./bridge.ts";
import { cacheCamerasChange, readPlaybackAccessAnew } from "./cameras.ts";
import { cacheExportsChange } from "./exports.ts";
import { readOpenedFileAnew } from "./opened-connection-file.ts";
import { cacheDestination } from "./destination.ts";
import { cacheLogOn } from "./operator.ts";

/** Puts one announcement of the main process into the cache. */
export function cacheEvent(client: QueryClient, event: MainProcessEvent): void {
  switch (event.name) {
    case "operator.changed":
      return cacheLogOn(client, event.payload);
    case "cameras.changed":
      return cacheCamerasChange(client, event.payload);
    case "cameras.accessChanged":
      return readPlaybackAccessAnew(client);
    case "exports.changed":
      return cacheExportsChange(client, event.payload);
    case "destination.changed":
      return cacheDestination(client, event.payload);
    case "connectionFile.opened":
      return readOpenedFileAnew(client);
    case "exports.clicked":
    case "windows.evidenceAsked":
    case "windows.rangesSent":
      // Said once to whoever is there, and not kept.
      return;
    default:
      return assertNever(event);
  }
}

/** The one subscription; mounted once, above everything that reads. */
export function useMainProcessEvents(): void {
  const client = useQueryClient();
  useEffect(() => listen((event) => cacheEvent(client, event)), [client]);
}

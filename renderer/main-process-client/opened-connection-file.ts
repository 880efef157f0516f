import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import type { OpenedConnectionFile } from "#shared/ipc-contract/connection-file-contract.ts";
import { listen } from "./bridge.ts";
import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";
import { useHasPrivilege } from "./operator.ts";

export type OpenedFile = Exclude<OpenedConnectionFile, { kind: "none" }>;

/** The connection file that somebody opened with the console and that nobody has decided about; null where there is none. */
export function useOpenedConnectionFile(): OpenedFile | null {
  const { value } = useReading("connectionFile.opened", undefined, { enabled: useHasPrivilege("configure") });
  return value === undefined || value.kind === "none" ? null : value;
}

export function readOpenedFileAnew(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ["connectionFile.opened"] });
}

export const useSettleConnectionFile = () =>
  useChange("connectionFile.settle", (client, value) => cacheValue(client, "connectionFile.opened", value));

/** @param tell called with the name of a file that was opened and that this operator may not import */
export function useRefusedConnectionFile(tell: (fileName: string) => void): void {
  const told = useEffectEvent(tell);
  useEffect(
    () =>
      listen(({ name, payload }) => {
        if (name === "connectionFile.opened" && payload.isForOthers) told(payload.fileName);
      }),
    [],
  );
}

import { succeeded } from "#shared/domain/failure.ts";
import type { LogOnStart } from "../adapters/log-on-start/log-on-start.ts";
import type { AreaHandlers } from "./handler.ts";

export function startupHandlers(logOnStart: LogOnStart): AreaHandlers<"startup"> {
  return {
    "startup.state": async () => succeeded(await logOnStart.state()),
    "startup.change": async ({ startsAtLogOn }) => {
      const changed = await logOnStart.change(startsAtLogOn);
      return changed.ok ? succeeded(await logOnStart.state()) : changed;
    },
  };
}

/** The whole contract: both sides derive from it, so that a missing handler does not compile. */
import type { z } from "zod";
import type { Outcome } from "../domain/failure.ts";
import { cameraEvents, cameraRequests } from "./camera-contract.ts";
import { connectionFileEvents, connectionFileRequests } from "./connection-file-contract.ts";
import { destinationEvents, destinationRequests } from "./destination-contract.ts";
import { exportEvents, exportRequests } from "./export-contract.ts";
import { networkRequests } from "./network-contract.ts";
import { preferenceRequests } from "./preference-contract.ts";
import { reportRequests } from "./report-contract.ts";
import { operatorEvents, operatorRequests } from "./operator-contract.ts";
import { siteRequests } from "./site-contract.ts";
import { snapshotRequests } from "./snapshot-contract.ts";
import { updateRequests } from "./update-contract.ts";
import { windowEvents, windowRequests } from "./window-contract.ts";
import { startupRequests } from "./startup-contract.ts";

export const requests = {
  ...operatorRequests,
  ...siteRequests,
  ...cameraRequests,
  ...exportRequests,
  ...destinationRequests,
  ...connectionFileRequests,
  ...networkRequests,
  ...preferenceRequests,
  ...reportRequests,
  ...snapshotRequests,
  ...updateRequests,
  ...windowRequests,
  ...startupRequests,
};

export const events = {
  ...operatorEvents,
  ...cameraEvents,
  ...exportEvents,
  ...destinationEvents,
  ...connectionFileEvents,
  ...windowEvents,
};

export type Requests = typeof requests;
export type RequestName = keyof Requests;
export type RequestInput<Name extends RequestName> = z.input<Requests[Name]["input"]>;
export type RequestOutput<Name extends RequestName> = z.output<Requests[Name]["output"]>;

export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<Name extends EventName> = z.output<Events[Name]>;

/** Answers any call can give besides its own: BAD_REQUEST, NOT_SIGNED_IN, NOT_PERMITTED, UNTRUSTED_SENDER, INTERNAL. */
export type Answer<Name extends RequestName> = Outcome<RequestOutput<Name>>;

/** Both sides send frozen state; the wire copies it anyway. */
export type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

import { z } from "zod";
import { request } from "./request.ts";
import { failureSchema, nothingSchema } from "./values.ts";

const opened = { fileId: z.number().int(), fileName: z.string() };

/** A connection file that somebody opened with the console and that nobody has decided about yet. */
const openedConnectionFileSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({
    kind: z.literal("read"),
    ...opened,
    json: z.string(),
    /** The account that it is of, and where that is. */
    account: z.string(),
    serviceAddress: z.string(),
  }),
  z.object({ kind: z.literal("refused"), ...opened, failure: failureSchema }),
]);
export type OpenedConnectionFile = z.infer<typeof openedConnectionFileSchema>;

/** Nothing of this changes the destination: that is `destination.importConnectionFile`, with what was read. */
export const connectionFileRequests = {
  "connectionFile.opened": request("configure", nothingSchema, openedConnectionFileSchema),
  /** Somebody has decided about it; one that was opened since is not meant. */
  "connectionFile.settle": request(
    "configure",
    z.object({ fileId: z.number().int() }),
    openedConnectionFileSchema,
  ),
};

export const connectionFileEvents = {
  /** `isForOthers`: whoever is logged on may not import it, and it is not kept. */
  "connectionFile.opened": z.object({ fileName: z.string(), isForOthers: z.boolean() }),
};

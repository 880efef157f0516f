/** The evidence service whose tokens and upload addresses are good for less than a quarter of an hour. */
import { parseArgs } from "node:util";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { endWhenAsked } from "#runtime/process/end-when-asked.ts";
import { sayReady } from "#runtime/process/ready-line.ts";

const GOOD_FOR_S = 600;

const { values } = parseArgs({ options: { dir: { type: "string" }, port: { type: "string" } } });
const service = await startEvidenceService({
  dir: values.dir ?? "",
  port: Number(values.port),
  settings: { accessTokenS: GOOD_FOR_S, uploadAddressMs: GOOD_FOR_S * 1_000 },
  now: () => Date.now(),
});
const { listensAt: listening, connectionFile } = service;
sayReady({ listening, connectionFile });
endWhenAsked(() => service.close(), { withParent: false, onFailure: console.error });

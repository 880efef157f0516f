/**
 * The one place where what sends is put together: the console's main process does it with what is Electron's, and so
 * does everything that proves or measures sending, in plain Node.
 */
import type { ManifestSigner } from "../export-pipeline/ports/manifest-signer.ts";
import { type AdaptersGiven, type SendingAdapters, sendingAdapters } from "./sending-adapters.ts";
import { type PipelineGiven, sendingPipeline } from "./sending-pipeline.ts";

/** What differs from program to program. */
export interface SendingGiven
  extends AdaptersGiven, Pick<PipelineGiven, "clock" | "journalSeenBy" | "onChange" | "onBug"> {
  readonly software: ManifestSigner["software"];
  /** For proofs that look at what goes through a port, or answer otherwise; what they return is tried again. */
  readonly portsSeenBy?: (ports: PipelineGiven["ports"]) => PipelineGiven["ports"];
}

/** Whether a service was restored from a backup: who has nothing to send asks for it all the same. */
const LOOK_EVERY_MS = 300_000;

export type SendingParts = ReturnType<typeof sendingParts>;

export function sendingParts(given: SendingGiven) {
  const adapters = sendingAdapters(given);
  const { archive, spool, destinationOf } = adapters;
  const { portsSeenBy = (ports) => ports } = given;
  const { ports, ledger, feed, pipeline, closeJournal } = sendingPipeline({
    ...given,
    ports: portsSeenBy({ archive, spool, destinationOf }),
    signer: signerOf(given, adapters),
    sendingCap: () => adapters.uploadCap.inForce,
  });
  const looking = setInterval(() => void pipeline.lookForRestorations(), LOOK_EVERY_MS);
  looking.unref();
  return {
    ...adapters,
    ...{ ports, ledger, feed, pipeline },
    /**
     * After sleep, or in another network: connections are dead, pauses are over, and what they stood for has changed.
     * Connections go first: what fails with them is tried again at once.
     */
    resumeAfterWake: () => {
      adapters.reconnect();
      pipeline.goOn();
    },
    /** Ends all work at its next durable point. */
    stop: async () => {
      clearInterval(looking);
      adapters.uploadCap.stop();
      await pipeline.stop();
      await adapters.stop();
    },
    /** To be called last: until then settings can be read. */
    close: () => {
      closeJournal();
      adapters.settings.close();
    },
  };
}

/** Signs with the key of this console, for the site as it is called now. */
export function signerOf(
  { site, software }: Pick<SendingGiven, "site" | "software">,
  { deviceKey }: Pick<SendingAdapters, "deviceKey">,
): ManifestSigner {
  return {
    get site() {
      const { name, timeZone } = site();
      return { name, timeZone };
    },
    software,
    key: () => deviceKey.key(),
    sign: (text) => deviceKey.sign(text),
  };
}

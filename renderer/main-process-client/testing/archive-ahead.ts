import { vi } from "vitest";
import { readHoldings } from "../holdings.ts";

/** Lets main tell from now on that the archive's clock is ahead of this machine's by so much, and asks it. */
export async function setArchiveAhead(archiveAheadMs: number): Promise<void> {
  const value = { archiveAheadMs, keptMs: null, holdings: [] };
  vi.stubGlobal("window", { evidenceDesk: { request: () => Promise.resolve({ ok: true, value }) } });
  const told = await readHoldings([]);
  if (!told.ok) throw new Error(told.error.message);
}

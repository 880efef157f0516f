/** A process of its own that storms a service until it is ended; what it does stands in its argument. */
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { WEB_CHANGE_HEADER } from "#shared/web-api/web-api.ts";

const loadSchema = z.discriminatedUnion("kind", [
  /**
   * Each mistypes a password ten times a second. Asking as fast as it can, this process would take from the service the
   * processor that a storm from other machines leaves to it.
   */
  z.object({ kind: z.literal("sign-ins"), url: z.string(), clients: z.int() }),
  /** One block, named as often as a list can name blocks. */
  z.object({ kind: z.literal("block-lists"), url: z.string(), entries: z.int() }),
  /** Each asks for a piece of four seconds every second. */
  z.object({ kind: z.literal("viewers"), url: z.string(), token: z.string(), clients: z.int() }),
]);
export type Load = z.infer<typeof loadSchema>;

async function mistype(url: string, client: number): Promise<void> {
  const body = JSON.stringify({ username: `somebody-${client}-${Math.random()}`, password: "wrong" });
  const headers = { "content-type": "application/json", [WEB_CHANGE_HEADER]: "1" };
  await (await fetch(`${url}/web/api/sign-in`, { method: "POST", headers, body })).arrayBuffer();
  await pause(100);
}

async function commit(url: string, entries: number): Promise<void> {
  const blockId = Buffer.from("00000000").toString("base64");
  await (
    await fetch(`${url}&comp=block&blockid=${encodeURIComponent(blockId)}`, { method: "PUT", body: "x" })
  ).arrayBuffer();
  const list = `<BlockList>${`<Latest>${blockId}</Latest>`.repeat(entries)}</BlockList>`;
  const answer = await fetch(`${url}&comp=blocklist`, { method: "PUT", body: list });
  const said = await answer.text();
  if (answer.status !== 201) throw new Error(`The list of blocks answered ${answer.status}: ${said}`);
}

async function watch(url: string, token: string, piece: number): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  await (await fetch(`${url}/segment/${piece % 3}.m4s`, { headers })).arrayBuffer();
  await pause(1_000);
}

function start(load: Load): void {
  const forever = async (work: (round: number) => Promise<void>): Promise<never> => {
    for (let round = 0; ; round += 1) await work(round);
  };
  const clients = load.kind === "block-lists" ? 1 : load.clients;
  for (let client = 0; client < clients; client += 1) {
    const work = {
      "sign-ins": () => mistype(load.url, client),
      "block-lists": () => commit(load.url, load.kind === "block-lists" ? load.entries : 0),
      viewers: (round: number) => watch(load.url, load.kind === "viewers" ? load.token : "", client + round),
    }[load.kind];
    forever(work).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  }
}

for (const load of z.array(loadSchema).parse(JSON.parse(process.argv[2] ?? "[]"))) start(load);
process.stdout.write(`${JSON.stringify({ storms: "yes" })}\n`);

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fetchThrough } from "../proxied-fetch.ts";
import { DIRECT } from "../proxy/proxy-choice.ts";
import { ServiceAddresses } from "./service-addresses.ts";

/** What one of two machines does with a request. */
type Behaviour = "answers" | "resets" | 502 | "says nothing";

class Machine {
  behaviour: Behaviour = "answers";
  readonly asked: string[] = [];
  #server: Server | null = null;
  url = "";

  async begin(port = 0): Promise<void> {
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      if (this.behaviour === "resets") request.destroy();
      else if (this.behaviour !== "says nothing")
        response.writeHead(this.behaviour === "answers" ? 200 : this.behaviour).end();
    });
    await new Promise<void>((resolve) => this.#server?.listen(port, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async end(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.closeAllConnections();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }
}

let machines: readonly [Machine, Machine];
let addresses: ServiceAddresses;
let reach: ReturnType<ServiceAddresses["over"]>;
let documents: string;

beforeEach(async () => {
  machines = [new Machine(), new Machine()];
  for (const machine of machines) await machine.begin();
  const all = (path: string) => machines.map(({ url }) => `${url}${path}`);
  addresses = new ServiceAddresses([all("/documents/api/v1"), all("/connect"), all("")]);
  reach = addresses.over(fetchThrough(DIRECT));
  documents = `${machines[0].url}/documents/api/v1`;
});
afterEach(async () => {
  for (const machine of machines) await machine.end();
});

const asked = () => machines.map((machine) => machine.asked.length);

describe("several addresses of one service", () => {
  test("the first is used while it answers", async () => {
    for (let time = 0; time < 3; time += 1) expect((await reach(`${documents}/x`, {})).status).toBe(200);
    expect(asked()).toEqual([3, 0]);
  });

  test("what finds nobody there is asked at the next at once, whatever it does; and that one stays in use", async () => {
    await machines[0].end();
    expect((await reach(`${documents}/x`, { method: "POST", body: "{}" })).status).toBe(200);
    expect((await reach(`${documents}/y`, { method: "POST", body: "{}" })).status).toBe(200);
    expect(machines[1].asked).toEqual(["POST /documents/api/v1/x", "POST /documents/api/v1/y"]);
  });

  test("what lies on the same host goes with it, upload addresses too; a store of its own is left as it is", async () => {
    await machines[0].end();
    await reach(`${documents}/x`, {});
    expect(addresses.at(`${machines[0].url}/connect/token`)).toBe(`${machines[1].url}/connect/token`);
    const upload = "/evidence/container/blob?sig=a%2Fb";
    expect(addresses.at(`${machines[0].url}${upload}`)).toBe(`${machines[1].url}${upload}`);
    expect(addresses.at("https://store.example/blob?sig=1")).toBe("https://store.example/blob?sig=1");
  });

  test("what changes something and broke off fails, and the next try goes elsewhere", async () => {
    machines[0].behaviour = "resets";
    await expect(reach(`${documents}/x`, { method: "POST", body: "{}" })).rejects.toThrow();
    expect(asked()).toEqual([1, 0]);
    expect((await reach(`${documents}/x`, { method: "POST", body: "{}" })).status).toBe(200);
    expect(asked()).toEqual([1, 1]);
  });

  test.each(["resets", 502] as const)("what only reads goes on at once (%s)", async (behaviour) => {
    machines[0].behaviour = behaviour;
    expect((await reach(`${documents}/x`, {})).status).toBe(200);
    expect(asked()).toEqual([1, 1]);
  });

  test("a machine that says nothing is left when the time is over, and not when the caller gives up", async () => {
    machines[0].behaviour = "says nothing";
    const ofCaller = new AbortController();
    const given = reach(`${documents}/x`, { signal: ofCaller.signal });
    await expect.poll(asked).toEqual([1, 0]);
    ofCaller.abort(new Error("the operator cancelled"));
    await expect(given).rejects.toThrow();
    expect(addresses.at(documents)).toBe(documents);
    await expect(reach(`${documents}/x`, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(addresses.at(documents)).toBe(`${machines[1].url}/documents/api/v1`);
  });

  test("where none answers it fails, and the one that comes back is found", async () => {
    await machines[1].end();
    const port = Number(new URL(machines[0].url).port);
    await machines[0].end();
    await expect(reach(`${documents}/x`, {})).rejects.toThrow();
    await machines[0].begin(port);
    expect((await reach(`${documents}/x`, {})).status).toBe(200);
  });

  test("one address alone is asked once", async () => {
    const alone = new ServiceAddresses([[documents]]).over(fetchThrough(DIRECT));
    machines[0].behaviour = "resets";
    await expect(alone(`${documents}/x`, {})).rejects.toThrow();
    expect(asked()).toEqual([1, 0]);
  });
});

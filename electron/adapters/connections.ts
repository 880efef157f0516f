/** The connections of this thread that are used again, so that they can be given up together. */
import { Agent as HttpAgent, type AgentOptions, globalAgent as globalHttpAgent } from "node:http";
import { Agent as HttpsAgent, globalAgent as globalHttpsAgent } from "node:https";

/** Azure's client takes Node's own where it is told to keep none itself. */
const agents: HttpAgent[] = [globalHttpAgent, globalHttpsAgent];

export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

export function newAgents(options: AgentOptions): Agents {
  const made = { http: new HttpAgent(options), https: new HttpsAgent(options) };
  agents.push(made.http, made.https);
  return made;
}

/** Why a try was given up: the machine slept, or is in another network. */
export class ConnectionsDropped extends Error {
  constructor() {
    super("connections are made anew");
    this.name = "ConnectionsDropped";
  }
}

let dropped = new AbortController();

/** Aborts at the next dropping. Azure's client has connections to a proxy that nobody else can give up. */
export function untilDropped(): AbortSignal {
  return dropped.signal;
}

/** What is under way fails, and is tried again on a new connection: the network is another one now. */
export function dropConnections(): void {
  for (const agent of agents) agent.destroy();
  const before = dropped;
  dropped = new AbortController();
  before.abort(new ConnectionsDropped());
}

/** One connection was silent; those that wait to be used again came from the same time and may be as dead. */
export function dropIdleConnections(): void {
  for (const { freeSockets } of agents) {
    for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }
}

import { hostOf } from "#shared/archive-api/camera-address.ts";
import { headerOf, withHeader, type RtspMessage } from "./rtsp-messages.ts";

/**
 * The addresses that the recorder knows in place of the camera's. An address of the camera can hold secrets, also in its
 * answers; the recorder's stand on its command line and in what it says.
 */
export class RtspAddresses {
  readonly #local: string;
  /** Real addresses by the number in the local one. */
  readonly #real: string[] = [];
  /** What was set up: answers about it name the real address. */
  readonly #asked = new Map<string, string>();

  /** @param local `rtsp://127.0.0.1:PORT/SECRET` without a slash at the end */
  constructor(local: string, real: string) {
    this.#local = local;
    this.localOf(real);
  }

  /** Where the recorder connects. */
  get first(): string {
    return `${this.#local}/0`;
  }

  localOf(real: string): string {
    const at = this.#real.indexOf(real);
    return `${this.#local}/${at >= 0 ? at : this.#real.push(real) - 1}`;
  }

  /** The camera's address for one that the recorder asks for; null where it is none of ours. */
  realOf(asked: string): string | null {
    if (!asked.startsWith(`${this.#local}/`))
      return /^rtsps?:/i.test(asked) && this.#knows(asked) ? asked : null;
    const [, number = "", rest = ""] = /^(\d+)(.*)$/s.exec(asked.slice(this.#local.length + 1)) ?? [];
    const base = this.#real[Number(number)];
    if (base === undefined) return null;
    const real = joined(base, rest);
    if (rest !== "") this.#asked.set(real, asked);
    return real;
  }

  /** What the recorder says, with the camera's host and port in place of addresses that only the recorder knows. */
  named(words: string): string {
    const [before, ...parts] = words.split(this.#local);
    const named = parts.map((part) => {
      const [address = "", number = ""] = /^\/(\d+)[^\s:'"]*/.exec(part) ?? [];
      return hostOf(this.#real[Number(number)] ?? this.#real[0] ?? "") + part.slice(address.length);
    });
    return (before ?? "") + named.join("");
  }

  /** An answer of the camera with addresses that the recorder may know. */
  inAnswer({ head, body }: RtspMessage): RtspMessage {
    let shown = head;
    for (const name of ["Content-Base", "Content-Location", "Location"]) {
      const real = headerOf(head, name);
      if (real !== undefined && /^rtsps?:/i.test(real)) shown = withHeader(shown, name, this.localOf(real));
    }
    const about = headerOf(head, "RTP-Info");
    if (about !== undefined) shown = withHeader(shown, "RTP-Info", this.#localInfo(about));
    if (!/^application\/sdp/i.test(headerOf(head, "Content-Type") ?? "")) return { head: shown, body };
    const description = Buffer.from(
      body
        .toString("latin1")
        .replaceAll(/^(a=control:)(rtsps?:\S+)/gim, (_line, name: string, real: string) => {
          return name + this.localOf(real);
        }),
      "latin1",
    );
    return { head: withHeader(shown, "Content-Length", String(description.length)), body: description };
  }

  /** Tracks are told apart by their address, so it must be the one that was asked for. */
  #localInfo(text: string): string {
    return text.replaceAll(/(url=)([^;,]+)/gi, (_part, name: string, real: string) => {
      return name + (this.#asked.get(real) ?? this.localOf(real));
    });
  }

  #knows(address: string): boolean {
    return this.#real.some((real) => hostOf(real) === hostOf(address));
  }
}

/** The recorder appends a track's name to the base, behind a slash of its own where the base has none. */
function joined(base: string, rest: string): string {
  return base.endsWith("/") && rest.startsWith("/") ? base + rest.slice(1) : base + rest;
}

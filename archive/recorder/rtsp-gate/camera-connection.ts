import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { RtspSource } from "#shared/archive-api/archive-api.ts";
import { hostOf } from "#shared/archive-api/camera-address.ts";
import { bestChallenge, LogOn } from "./rtsp-log-on.ts";
import { bytesOf, headerOf, headersOf, rtspReader, withHeader, type RtspMessage } from "./rtsp-messages.ts";

const RTSP_PORT = 554;
const RTSPS_PORT = 322;

/** A request of the recorder, with the camera's address in place of the one that the recorder knows. */
export interface CameraRequest {
  readonly request: RtspMessage;
  readonly method: string;
  readonly uri: string;
  /** The recorder's own count, which its answer repeats. */
  readonly sequence: string;
}

export interface CameraListener {
  readonly onAnswer: (answer: RtspMessage) => void;
  /** False asks to send no more until `resume`. */
  readonly onData: (frames: Buffer) => boolean;
  /** Once; with words where the camera could not be reached. */
  readonly onEnd: (words: string | null) => void;
  /** The camera refused the log-on, or what it was asked for. */
  readonly onRefused: (words: string) => void;
  /** The camera does not send in the way that the recorder asked for (RFC 2326, 11.3.14). */
  readonly onTransportRefused: () => void;
}

/** One connection to a camera, which logs on when the camera asks for it. */
export class CameraConnection {
  readonly #socket: Socket;
  readonly #camera: RtspSource;
  readonly #listener: CameraListener;
  /** By the number that the request had on this connection. */
  readonly #asked = new Map<string, CameraRequest & { readonly isLoggedOn: boolean }>();
  readonly #mayLogOn: boolean;
  #sequence = 0;
  #logOn: LogOn | null = null;

  constructor(address: string, camera: RtspSource, listener: CameraListener) {
    this.#camera = camera;
    this.#listener = listener;
    // Where a camera sends its visitors, the password for this one does not go.
    this.#mayLogOn = hasCredentials(camera) && hostOf(address) === hostOf(camera.url);
    const { isSecure, host, port } = placeOf(address);
    // Cameras have certificates of their own making, which nobody could check.
    this.#socket = isSecure ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
    this.#socket.setNoDelay(true);
    this.#listen(`${host}:${port}`);
  }

  ask(asked: CameraRequest): void {
    const sequence = String(++this.#sequence);
    this.#asked.set(sequence, { ...asked, isLoggedOn: this.#logOn !== null });
    const head = withHeader(
      withHeader(asked.request.head, "CSeq", sequence),
      "Authorization",
      this.#logOn?.authorization(asked.method, asked.uri) ?? null,
    ).replace(/^(\S+) \S+/, (_line, method: string) => `${method} ${asked.uri}`);
    this.#socket.write(bytesOf({ head, body: asked.request.body }));
  }

  send(frames: Buffer): void {
    if (this.#socket.writable) this.#socket.write(frames);
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(place: string): void {
    let words: string | null = null;
    const reader = rtspReader(
      (message) => this.#answered(message),
      (frames) => {
        if (!this.#listener.onData(frames)) this.#socket.pause();
      },
    );
    this.#socket.on("data", (bytes) => {
      try {
        reader.add(bytes);
      } catch (error) {
        words = error instanceof Error ? error.message : String(error);
        this.#socket.destroy();
      }
    });
    this.#socket.on("error", (error) => (words = `${place}: ${wordsOf(error)}`));
    this.#socket.once("close", () => this.#listener.onEnd(words));
  }

  #answered(answer: RtspMessage): void {
    const [, status = ""] = /^RTSP\/\d\.\d (\d{3})/.exec(answer.head) ?? [];
    const sequence = headerOf(answer.head, "CSeq") ?? "";
    const asked = this.#asked.get(sequence);
    // A request of the camera's own, which recorders answer or ignore.
    if (status === "" || asked === undefined) return this.#listener.onAnswer(answer);
    this.#asked.delete(sequence);
    if (status === "401" && this.#tryLogOn(answer, asked)) return;
    const refusal = refusalWords(asked.method, status);
    if (status === "461") this.#listener.onTransportRefused();
    else if (refusal !== null) this.#listener.onRefused(refusal);
    this.#listener.onAnswer(this.#forRecorder(answer, asked));
  }

  /** @returns true where the request is asked again, logged on */
  #tryLogOn(answer: RtspMessage, asked: CameraRequest & { readonly isLoggedOn: boolean }): boolean {
    const headers = headersOf(answer.head, "WWW-Authenticate");
    const isStale = headers.some((header) => /\bstale\s*=\s*"?true/i.test(header));
    const challenge = bestChallenge(headers);
    if (!this.#mayLogOn || (asked.isLoggedOn && !isStale) || challenge === null) {
      this.#listener.onRefused(this.#refusal());
      return false;
    }
    const { user = "", password = "" } = this.#camera;
    this.#logOn = new LogOn({ user, password }, challenge);
    this.ask(asked);
    return true;
  }

  #refusal(): string {
    return hasCredentials(this.#camera)
      ? "The camera refuses the user name or the password."
      : "The camera wants a user name and a password.";
  }

  #forRecorder(answer: RtspMessage, asked: CameraRequest): RtspMessage {
    let head = withHeader(answer.head, "CSeq", asked.sequence);
    head = withHeader(head, "WWW-Authenticate", null);
    const transport = headerOf(head, "Transport");
    const from = this.#socket.remoteAddress;
    // By UDP the recorder answers to where the pictures come from, which is not this gate.
    if (transport !== undefined && from !== undefined && isUnicastUdp(transport))
      head = withHeader(head, "Transport", `${transport};source=${from}`);
    return { head, body: answer.body };
  }
}

/** What begins a stream; a camera that knows none of the others is recorded all the same. */
const BEGINS = new Set(["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]);

/** Why nothing is sent, with what to do (RFC 2326, 7.1.1); a camera's own words are not repeated. */
function refusalWords(method: string, status: string): string | null {
  if (!BEGINS.has(method.toUpperCase()) || !/^[45]/.test(status)) return null;
  switch (status) {
    case "401":
      return null;
    case "403":
      return "The camera does not let this user watch; give the user that right at the camera.";
    case "404":
    case "410":
      return "The camera has nothing at this address; check what stands behind its host and port.";
    case "453":
    case "503":
      return "The camera sends to no more viewers; end one of the others, or raise their number at the camera.";
    default:
      return `The camera refuses to send (RTSP ${status}); check its address and its settings.`;
  }
}

const isUnicastUdp = (transport: string): boolean =>
  /client_port=/i.test(transport) && !/source=|interleaved=|multicast/i.test(transport);

export const hasCredentials = ({ user = "", password = "" }: RtspSource): boolean =>
  user !== "" || password !== "";

function placeOf(address: string): { isSecure: boolean; host: string; port: number } {
  const isSecure = /^rtsps:/i.test(address);
  const [, inBrackets, name = "", port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(hostOf(address)) ?? [];
  return {
    isSecure,
    host: inBrackets ?? name,
    port: port === undefined ? (isSecure ? RTSPS_PORT : RTSP_PORT) : Number(port),
  };
}

/** As ffmpeg says it, so that a camera's trouble has one sentence however it is reached. */
function wordsOf(error: Error): string {
  switch ("code" in error ? error.code : undefined) {
    case "ECONNREFUSED":
      return "Connection refused";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "The name of the camera's host is not known";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "No route to the camera's host";
    case "ETIMEDOUT":
      return "The camera's host does not answer";
    default:
      return error.message;
  }
}

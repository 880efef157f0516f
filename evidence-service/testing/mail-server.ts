/** A server that takes mail, for tests. */
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface ArrivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Of the body, decoded. */
  readonly text: string;
}

export class TestMailServer {
  readonly arrived: ArrivedMail[] = [];
  readonly #server: SMTPServer;
  readonly port: number;

  private constructor(server: SMTPServer, arrived: ArrivedMail[]) {
    this.#server = server;
    this.arrived = arrived;
    this.port = (server.server.address() as AddressInfo).port;
  }

  /** @param account that it asks for; null where it asks nobody */
  static async start(
    account: { readonly user: string; readonly password: string } | null,
  ): Promise<TestMailServer> {
    const arrived: ArrivedMail[] = [];
    const server = new SMTPServer({
      ...{ disabledCommands: ["STARTTLS"], allowInsecureAuth: true, authOptional: account === null },
      onAuth: ({ username, password }, _connection, done) => {
        const isRight = username === account?.user && password === account?.password;
        if (isRight) done(null, { user: username });
        else done(new Error("Not known."));
      },
      onData: (stream, { envelope }, done) => {
        const pieces: Buffer[] = [];
        stream.on("data", (piece: Buffer) => pieces.push(piece));
        stream.on("end", () => {
          const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
          const to = envelope.rcptTo.map(({ address }) => address);
          arrived.push({ from, to, text: textOf(Buffer.concat(pieces).toString("utf8")) });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new TestMailServer(server, arrived);
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
}

/** Of a message of one part, whichever way its body is written (RFC 2045, 6). */
function textOf(raw: string): string {
  const [head = "", ...body] = raw.split("\r\n\r\n");
  const text = body.join("\r\n\r\n");
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(text, "base64").toString("utf8");
  if (!/^content-transfer-encoding: quoted-printable/im.test(head)) return text;
  const bytes = text
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

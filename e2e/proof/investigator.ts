import type { z } from "zod";
import {
  WEB_CHANGE_HEADER,
  type WebEvidence,
  webEvidenceAnswerSchema,
  type WebEvidenceAnswer,
  webEvidencePageSchema,
  type WebVerification,
  webVerificationSchema,
} from "#shared/web-api/web-api.ts";

/** Asks the service's web interface as an investigator's browser does, with a sign-in of its own. */
export class Investigator {
  readonly #address: string;
  readonly #cookie: string;

  private constructor(address: string, cookie: string) {
    this.#address = address;
    this.#cookie = cookie;
  }

  static async signIn(address: string): Promise<Investigator> {
    const answer = await fetch(`${address}/web/api/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", [WEB_CHANGE_HEADER]: "1" },
      body: JSON.stringify({ username: "investigator", password: "investigator" }),
    });
    if (!answer.ok) throw new Error(`Sign-in answered ${answer.status}.`);
    const cookie = answer.headers.getSetCookie().map((line) => line.split(";")[0]);
    return new Investigator(address, cookie.join("; "));
  }

  async evidenceNamed(name: string): Promise<WebEvidence[]> {
    const page = await this.#json(
      `/web/api/evidence?text=${encodeURIComponent(name)}`,
      webEvidencePageSchema,
    );
    return page.evidence.filter((evidence) => evidence.name === name);
  }

  async evidence(evidenceId: string): Promise<WebEvidenceAnswer> {
    return await this.#json(`/web/api/evidence/${encodeURIComponent(evidenceId)}`, webEvidenceAnswerSchema);
  }

  /** Has the service compare every stored byte of the evidence with its manifest now. */
  async verify(evidenceId: string): Promise<WebVerification> {
    const path = `/web/api/evidence/${encodeURIComponent(evidenceId)}/verification`;
    const answer = await fetch(this.#address + path, {
      method: "POST",
      headers: { cookie: this.#cookie, [WEB_CHANGE_HEADER]: "1" },
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
    return webVerificationSchema.parse(await answer.json());
  }

  async download(path: string): Promise<Buffer> {
    return Buffer.from(await (await this.#get(path)).arrayBuffer());
  }

  async #json<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await (await this.#get(path)).json());
  }

  async #get(path: string): Promise<Response> {
    const answer = await fetch(this.#address + path, { headers: { cookie: this.#cookie } });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
    return answer;
  }
}

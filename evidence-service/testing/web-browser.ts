import { meSchema } from "#shared/web-api/web-api.ts";

/** What a person's browser does with the web application's API: it keeps the cookies that it is given. */
export class WebBrowser {
  readonly #url: () => string;
  readonly #cookies = new Map<string, string>();

  /** @param url of the service as it is at the moment */
  constructor(url: () => string) {
    this.#url = url;
  }

  readonly post = (path: string, body: unknown) => this.#ask("POST", path, body);
  readonly get = (path: string) => this.#ask("GET", path);
  readonly signIn = async (username: string, password: string) =>
    meSchema.parse((await this.post("/sign-in", { username, password })).body);
  readonly who = async () => meSchema.parse((await this.get("/me")).body).user?.username;

  async #ask(method: "GET" | "POST", path: string, body?: unknown) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { "x-evidence-desk": "1", "content-type": "application/json", cookie };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${this.#url()}/web/api${path}`, { method, headers, ...sent });
    for (const text of response.headers.getSetCookie()) {
      const [pair = ""] = text.split(";");
      const [name = "", value = ""] = pair.split("=");
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return { status: response.status, body: (await response.json()) as unknown };
  }
}

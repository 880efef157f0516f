/** Why a service does not start, for the administrator: a stable code and a sentence, no stack. */
export class StartRefusal extends Error {
  readonly code: string;

  constructor(code: string, sentence: string) {
    super(sentence);
    this.code = code;
  }
}

/** Why stored footage cannot be shown, as a sentence for the investigator; expected, never a bug. */
export class Unreadable extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

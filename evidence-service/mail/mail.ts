export interface Message {
  /** One address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Takes messages to people. */
export interface Mail {
  /** @returns false where the server did not take it, which is logged: whoever asked has to find another way */
  readonly send: (message: Message) => Promise<boolean>;
}

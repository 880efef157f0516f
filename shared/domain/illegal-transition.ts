/** Thrown for an event that its state does not know: always a bug, never an operator's doing. */
export class IllegalTransition extends Error {
  constructor(state: string, event: string) {
    super(`"${event}" cannot happen to "${state}".`);
    this.name = "IllegalTransition";
  }
}

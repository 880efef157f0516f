/** What every lacking member answers: a stand-in that stays silent would let a test pass for nothing. */
export function notAvailable(member: string): Error {
  return new Error(`${member}: not available in the Chromium shell`);
}

/** Names that the runtime itself asks of any object (promises, JSON, test runners); they must not throw. */
const askedByTheRuntime = new Set([
  "then",
  "toJSON",
  "constructor",
  "asymmetricMatch",
  "nodeType",
  "tagName",
]);

/**
 * The same object, but reading a member that it lacks throws `NAME.member: not available in the Chromium shell`.
 *
 * @param name the object's name in Electron's documentation, for the message
 */
export function throwingOnLacking<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(object, member, receiver) {
      const lacking = typeof member === "string" && !(member in object) && !askedByTheRuntime.has(member);
      if (lacking && !member.startsWith("_") && !member.startsWith("@@") && !member.startsWith("$$")) {
        throw notAvailable(`${name}.${member}`);
      }
      return Reflect.get(object, member, receiver) as unknown;
    },
  });
}

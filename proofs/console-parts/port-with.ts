/** A port of which some calls are a proof's own; all others go to what stands behind it. */
export function portWith<Port extends object>(port: Port, own: Partial<Port>): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(Object.hasOwn(own, name) ? own : target, name);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}

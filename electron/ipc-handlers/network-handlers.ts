import { succeeded } from "#shared/domain/failure.ts";
import type { NetworkSettings } from "../adapters/site/network-settings.ts";
import type { AreaHandlers } from "./handler.ts";

export interface NetworkHandlerParts {
  readonly network: NetworkSettings;
  readonly trust: { readonly canChooseTrust: boolean; readonly systemAuthorities: () => number };
}

export function networkHandlers({ network, trust }: NetworkHandlerParts): AreaHandlers<"network"> {
  const state = () =>
    succeeded({
      authorities: network.authorities.map(({ pem: _pem, ...shown }) => shown),
      systemAuthorities: trust.systemAuthorities(),
      canChooseTrust: trust.canChooseTrust,
      proxy: network.proxy,
    });
  return {
    "network.state": state,
    "network.addAuthorities": ({ base64 }) => {
      const added = network.addAuthorities(Buffer.from(base64, "base64"), Date.now());
      return added.ok ? state() : added;
    },
    "network.removeAuthority": ({ fingerprint }) => {
      network.removeAuthority(fingerprint);
      return state();
    },
    "network.useProxy": (entry) => {
      const used = network.useProxy(entry);
      return used.ok ? state() : used;
    },
  };
}

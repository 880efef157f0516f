export const APP_SCHEME = "app";
const APP_HOST = "console";
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/**
 * Whether an address, or an origin, is of the console's own page. Compared by its parts: `app://console.x` begins like
 * our origin too, and for a scheme of our own Node's `URL.origin` says "null".
 */
export function isOfConsole(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === `${APP_SCHEME}:` && host === APP_HOST && username === "" && password === "";
}

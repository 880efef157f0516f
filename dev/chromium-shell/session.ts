import { throwingOnLacking } from "./not-available.ts";

type PermissionRequestHandler = (
  contents: unknown,
  permission: string,
  callback: (granted: boolean) => void,
  details: { readonly requestingUrl: string },
) => void;
type PermissionCheckHandler = (contents: unknown, permission: string, requestingOrigin: string) => boolean;
type CertificateVerifier = (
  request: {
    readonly hostname: string;
    readonly certificate: { readonly data: string };
    readonly errorCode: number;
  },
  callback: (verificationResult: number) => void,
) => void;
type DownloadListener = (event: { preventDefault(): void }) => void;
type RequestListener = (details: never, callback: (answer: object) => void) => void;

/**
 * Registrations are accepted so that main can be the same in both worlds, but take no effect: Chromium here
 * grants no permission at all, and response headers belong into the answer of `protocol.handle`.
 */
const webRequest = throwingOnLacking("session.webRequest", {
  onBeforeRequest(_filterOrListener: unknown, _listener?: RequestListener | null): void {},
  onHeadersReceived(_filterOrListener: unknown, _listener?: RequestListener | null): void {},
});

const defaultSession = throwingOnLacking("session", {
  webRequest,
  /** Node has no way to ask the desktop; the environment's proxy is the console's own to read. */
  async resolveProxy(_url: string): Promise<string> {
    return "DIRECT";
  },
  setPermissionRequestHandler(_handler: PermissionRequestHandler | null): void {},
  setPermissionCheckHandler(_handler: PermissionCheckHandler | null): void {},
  /** Chromium here is another program, which asks nobody. */
  setCertificateVerifyProc(_judge: CertificateVerifier | null): void {},
  /** Chromium saves by itself, in the folder that its own settings name. */
  on(_name: "will-download", _listener: DownloadListener): void {},
});

export type Session = typeof defaultSession;

/** Stand-in for Electron's `session`, the default one only. */
export const session = throwingOnLacking("session", { defaultSession });

/**
 * Imported before anything else: under the service's content policy (`script-src 'self'`, no eval)
 * zod must not probe for `new Function`, and video.js must not insert style elements.
 */
import { z } from "zod";

declare global {
  interface Window {
    VIDEOJS_NO_DYNAMIC_STYLE?: boolean;
  }
}

z.config({ jitless: true });
window.VIDEOJS_NO_DYNAMIC_STYLE = true;

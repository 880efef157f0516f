/** A word of the glossary and the folders in which it would mean something else than it does there. */
export interface WordRow {
  readonly word: RegExp;
  /** Where no name may contain it. */
  readonly rooms: readonly string[];
  /** Names that contain it all the same, in a folder or file, each with the reason. */
  readonly allowed: readonly { readonly name: string; readonly under: string; readonly because: string }[];
  /** What to say there. */
  readonly instead: string;
}

/** Words that had two meanings once. Names of code are held to them; prose is read by people. */
export const WORDS: readonly WordRow[] = [
  {
    word: /(?<!init|media_?)segment/i,
    rooms: [
      "archive",
      "media",
      "dev/demo-site",
      "renderer/features/camera-tiles",
      "evidence-service/consolidation/hls-timeline.ts",
    ],
    allowed: [
      { name: "segmentSeconds", under: "archive", because: "settings have it on the disk" },
      { name: "segments", under: "archive/check", because: "the archive's check prints it" },
      { name: "segments", under: "renderer/features/camera-tiles", because: "VHS calls them so" },
      { name: "independentSegments", under: "renderer/features/camera-tiles", because: "VHS calls it so" },
    ],
    instead:
      "a segment is a part of a camera export; an archive has footage files, a playlist media segments",
  },
  {
    word: /session/i,
    rooms: [
      "electron",
      "renderer/app-shell",
      "renderer/main-process-client",
      "renderer/features/logon",
      "shared/ipc-contract",
      "shared/web-api",
      "evidence-service",
      "web-app",
    ],
    allowed: [
      { name: "session", under: "electron/desktop-shell", because: "Electron calls it so" },
      { name: "defaultSession", under: "electron/desktop-shell", because: "Electron calls it so" },
      { name: "sessionStorage", under: "renderer/app-shell", because: "browsers call it so" },
      { name: "webSession", under: "evidence-service/storage", because: "databases have the table" },
      { name: "webSession", under: "evidence-service/moving", because: "databases have the table" },
      {
        name: "idle_in_transaction_session_timeout",
        under: "evidence-service/storage/postgres",
        because: "PostgreSQL calls it so",
      },
    ],
    instead: "a session is an hour of a recorder; operators have a log-on, people at the service a sign-in",
  },
  {
    word: /(?<![a-z])live(?![a-z])|(?<=[a-z])Live(?![a-z])/,
    rooms: ["design-system/components", "electron/export-pipeline", "evidence-service", "web-app"],
    allowed: [
      { name: "aria-live", under: "design-system/components", because: "ARIA calls it so" },
      { name: "aria-live", under: "web-app", because: "ARIA calls it so" },
      {
        name: "data-live-announcer",
        under: "design-system/components",
        because: "React Aria keeps what has it in sight of screen readers beside a dialog",
      },
      { name: "liveTracker", under: "web-app/player", because: "video.js calls it so" },
      ...["keepAlive", "keepAliveInitialDelayMillis"].map((name) => ({
        ...{ name, under: "evidence-service/storage/postgres" },
        because: "the client of PostgreSQL calls it so",
      })),
    ],
    instead: "live is a picture of the present; what has not ended is under way, tracked or open",
  },
  {
    word: /outcome/i,
    rooms: ["evidence-service", "renderer"],
    allowed: [
      { name: "Outcome", under: "renderer", because: "main answers with it" },
      { name: "outcome", under: "renderer", because: "main answers with it" },
      { name: "outcome", under: "evidence-service/operation", because: "metrics have the label" },
      ...["api", "audit", "consolidation/consolidation-job.ts", "storage", "verification"].map((room) => ({
        ...{ name: "outcome", under: `evidence-service/${room}` },
        because: "the table of verifications has it",
      })),
      {
        name: "verificationOutcome",
        under: "evidence-service",
        because: "the web interface answers with it",
      },
    ],
    instead: "an outcome is what a call came to, as data; a verification has a verdict",
  },
];

/** The command `move` in all its forms. */
import { trustAuthorities } from "../blobs/place/moved-blobs.ts";
import { tellRestoredByOthers } from "../backup/restore-backup.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { backOut, compareAfterMove, removeOld } from "./after-move.ts";
import { move, type MoveEnding } from "./move.ts";

export interface MoveCommand {
  readonly from: string;
  readonly to: string;
  readonly compares: boolean;
  readonly removesOld: boolean;
  readonly backsOut: boolean;
  readonly losesNewer: boolean;
  readonly leavesDamaged: boolean;
  /** PEM of authorities that are trusted beside the system's. */
  readonly authorityFile?: string | undefined;
  readonly say: (line: string) => void;
}

const SAID: Readonly<Record<MoveEnding, string>> = {
  brought:
    "The service runs. Stop it and give the same command again: what is new is brought then, and it moves.",
  moved: "The service has moved. Start it in the new place; nobody can start it in the old one.",
  "moved before": "The service has moved. Start it in the new place; nobody can start it in the old one.",
};
/** More is to be done: the exit code of a move whose service runs, or of whose old place files are missing. */
const GOES_ON = 3;

/** @returns the exit code @throws StartRefusal */
export async function runMove(command: MoveCommand): Promise<number> {
  const { compares, removesOld, backsOut, losesNewer, leavesDamaged, authorityFile, ...given } = command;
  if (authorityFile !== undefined) trustAuthorities(authorityFile);
  if ([compares, removesOld, backsOut].filter(Boolean).length > 1) {
    throw new StartRefusal(
      "ARGUMENT_WRONG",
      "Of --compare, --remove-old and --back-out one is given at a time.",
    );
  }
  if (losesNewer && !backsOut) throw new StartRefusal("ARGUMENT_WRONG", "--lose-newer goes with --back-out.");
  if (compares) await compareAfterMove(given);
  else if (removesOld) await removeOld(given);
  else if (backsOut) {
    const hasLost = await backOut({ ...given, losesNewer });
    // Consoles are to send again what they were told is kept.
    if (!hasLost) return 0;
    const { lines, isWhole } = await tellRestoredByOthers({
      ...{ dir: given.from, authorityFile },
      takesStore: true,
    });
    for (const line of lines) given.say(line);
    return isWhole ? 0 : GOES_ON;
  } else {
    const ending = await move({ ...given, leavesDamaged });
    given.say(SAID[ending]);
    return ending === "brought" ? GOES_ON : 0;
  }
  return 0;
}

import type { LeftOut } from "#shared/domain/camera.ts";
import { sessionFolder } from "../archive-folder.ts";
import type { SessionRow } from "../index/index-rows.ts";
import { readSessionFile } from "../index/session-indexer.ts";

/** What the files of sessions say that is told beside an export of them. */
export interface SessionFacts {
  /** What the camera sent beside it, each kind and format once; null where none of the sessions says it. */
  readonly leftOut: LeftOut[] | null;
  /** The shape that was set for the first session, in which all are shown; null: as the camera said. */
  readonly ratioSet: string | null;
}

/** @param sessions in the order of what is shown */
export function sessionFacts(dir: string, sessions: readonly SessionRow[]): SessionFacts {
  const files = sessions.map(({ cameraId, name }) => readSessionFile(sessionFolder(dir, cameraId, name)));
  const said = files.flatMap((file) => (file?.leftOut === undefined ? [] : [file.leftOut]));
  const once = new Map(said.flat().map((each) => [`${each.kind} ${each.format}`, each]));
  return { leftOut: said.length === 0 ? null : [...once.values()], ratioSet: files[0]?.ratio ?? null };
}

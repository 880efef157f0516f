import { useEffect, useRef, useState } from "react";
import { Announcer } from "#design-system/components/announcer.tsx";
import { useExports } from "../../main-process-client/exports.ts";
import { announcementsFor, kindsOf, type KnownKinds } from "./export-announcements.ts";

/** Says aloud what became of exports, also while a dialog covers the window; silent about progress. */
export function ExportAnnouncer() {
  const { value: exports } = useExports();
  const known = useRef<KnownKinds | null>(null);
  const [sentence, setSentence] = useState("");
  useEffect(() => {
    if (exports === undefined) return;
    const said = announcementsFor(known.current, exports);
    known.current = kindsOf(exports);
    if (said.length > 0) setSentence(said.join(" "));
  }, [exports]);
  return <Announcer sentence={sentence} />;
}

import { useEffect, useRef, useState } from "react";
import type { Camera } from "#shared/domain/camera.ts";
import { Announcer } from "#design-system/components/announcer.tsx";
import { cameraAnnouncements, type KnownProblems, problemsOf } from "./camera-announcements.ts";

/** @param cameras of the archive; undefined while they are not known */
export function CameraAnnouncer({ cameras }: { readonly cameras: readonly Camera[] | undefined }) {
  const known = useRef<KnownProblems | null>(null);
  const [sentence, setSentence] = useState("");
  useEffect(() => {
    if (cameras === undefined) return;
    const said = cameraAnnouncements(known.current, cameras);
    known.current = problemsOf(cameras);
    if (said.length > 0) setSentence(said.join(" "));
  }, [cameras]);
  return <Announcer sentence={sentence} />;
}

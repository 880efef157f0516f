import { AreaView } from "../features/area-view/area-view.tsx";
import { putCameraIntoSelected } from "../features/camera-tiles/canvas-store.ts";
import { useCameras } from "../main-process-client/cameras.ts";
import { CAMERA_DRAG_KIND } from "./tile-canvas.tsx";

/** The area view of a window, from which cameras go onto its canvas. */
export function CameraList({ siteTimeZone }: { readonly siteTimeZone: string }) {
  const { value, failure, isPending } = useCameras();
  return (
    <AreaView
      cameras={value ?? []}
      isKnown={value !== undefined}
      failure={failure ?? null}
      isPending={isPending}
      siteTimeZone={siteTimeZone}
      cameraDragKind={CAMERA_DRAG_KIND}
      onPutCamera={putCameraIntoSelected}
    />
  );
}

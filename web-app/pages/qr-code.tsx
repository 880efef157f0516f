import { encode } from "uqr";
import styles from "./qr-code.module.css";

/** As the standard of QR codes wants around them, in modules. */
const QUIET_ZONE = 4;

interface QrCodeProps {
  /** What a camera reads. */
  readonly text: string;
  /** What it is, for who does not see it. */
  readonly label: string;
}

/** A picture for a camera, drawn in the page: nobody else is told what it says. */
export function QrCode({ text, label }: QrCodeProps) {
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className={styles["code"]}
    >
      <path d={path.join("")} />
    </svg>
  );
}

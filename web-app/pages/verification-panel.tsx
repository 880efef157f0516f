import { Button } from "#design-system/components/button.tsx";
import { Mono } from "#design-system/components/text.tsx";
import type { WebEvidenceAnswer, WebVerification } from "#shared/web-api/web-api.ts";
import { type Fact, Facts } from "#design-system/components/facts.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { useVerification } from "../service-client/evidence.ts";
import { Time } from "../wall-clock/time.tsx";
import { StateBadge, type State } from "./state-badge.tsx";
import { ChangeStatus } from "./change-status.tsx";
import styles from "./verification-panel.module.css";

const VERDICTS: Record<WebVerification["outcome"], State> = {
  verified: { text: "Verified", standing: "good" },
  failed: { text: "Does not agree", standing: "bad" },
  absent: { text: "No manifest", standing: "quiet" },
};

const DEPTHS: Record<WebVerification["depth"], string> = {
  stored: "Signature, lengths, times and checksums",
  whole: "Signature and every stored byte of every file",
};

const DEPTHS_WITHOUT_MANIFEST: Record<WebVerification["depth"], string> = {
  stored: "Checksums, when the files arrived",
  whole: "Every stored byte with the checksums of its arrival",
};

/** Whether the evidence is what its signed manifest says, when that was checked, and checking it now. */
export function VerificationPanel({ answer }: { readonly answer: WebEvidenceAnswer }) {
  const { evidence, verification } = answer;
  const verifying = useVerification(evidence.evidenceId);
  if (evidence.state === "receiving" || evidence.state === "deleted") return null;
  return (
    <Panel
      title="Verification"
      aside={verification !== null && <StateBadge {...VERDICTS[verification.outcome]} />}
    >
      {verification !== null && <Outcome verification={verification} />}
      <div className={styles["now"]}>
        <ChangeStatus error={verifying.error}>
          {verifying.isPending && "Every byte is read again…"}
        </ChangeStatus>
        <Button isPending={verifying.isPending} onPress={() => verifying.mutate()}>
          Verify now
        </Button>
      </div>
    </Panel>
  );
}

function Outcome({ verification }: { readonly verification: WebVerification }) {
  return (
    <>
      <Facts facts={verificationFacts(verification)} />
      {verification.differences.length > 0 && (
        <ul className={styles["differences"]} aria-label="What differs">
          {verification.differences.map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function verificationFacts({ depth, checkedUtc, keyId, outcome }: WebVerification): Fact[] {
  const checked = { label: "Checked", value: <Time utc={checkedUtc} /> };
  const hasManifest = keyId !== null;
  const compared = { label: "Compared", value: hasManifest ? DEPTHS[depth] : DEPTHS_WITHOUT_MANIFEST[depth] };
  if (outcome === "absent") return [checked, compared];
  return [checked, compared, { label: "Console key", value: keyId === null ? null : <Mono>{keyId}</Mono> }];
}

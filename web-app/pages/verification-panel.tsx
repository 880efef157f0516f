import { Button } from "react-aria-components";
import type { WebEvidenceAnswer, WebVerification } from "#shared/web-api/web-api.ts";
import { Badge, type BadgeTone } from "../design-system/badge.tsx";
import { type Fact, Facts } from "../design-system/facts.tsx";
import { Panel } from "../design-system/panel.tsx";
import { useVerification } from "../service-client/evidence.ts";
import { Time } from "../wall-clock/time.tsx";
import { sentenceOf } from "./service-failure.tsx";

const OUTCOMES: Record<WebVerification["outcome"], { readonly text: string; readonly tone: BadgeTone }> = {
  verified: { text: "Verified", tone: "good" },
  failed: { text: "Does not agree", tone: "bad" },
  absent: { text: "No manifest", tone: "quiet" },
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
      aside={verification !== null && <Badge {...OUTCOMES[verification.outcome]} />}
    >
      {verification !== null && <Outcome verification={verification} />}
      <div className="state-change verify-now">
        <span role="status" className={verifying.isError ? "refusal" : "hint"}>
          {verifying.isError && sentenceOf(verifying.error)}
          {verifying.isPending && "Every byte is read again…"}
        </span>
        <Button className="button" isPending={verifying.isPending} onPress={() => verifying.mutate()}>
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
        <ul className="refusal differences" aria-label="What differs">
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
  return [
    checked,
    compared,
    { label: "Console key", value: keyId === null ? null : <span className="mono">{keyId}</span> },
  ];
}

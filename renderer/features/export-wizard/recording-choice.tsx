import { Button } from "#design-system/components/button.tsx";
import { formatInstant } from "#shared/words/moments.ts";
import { begunUtcMs, hiddenRecordings, overlapSentence, type RecordedTwice } from "./footage-coverage.ts";
import { Warning } from "./warning.tsx";

interface RecordingChoiceProps {
  readonly report: { readonly plan: { readonly overlaps: readonly RecordedTwice[] } | null } | null;
  readonly timeZone: string;
  readonly recording: string | null;
  readonly onChooseRecording?: (recording: string | null) => void;
}

/** What is sent, in words, and what can be sent in its place. */
interface Offered {
  readonly sentence: string;
  readonly choices: readonly { readonly label: string; readonly recording: string | null }[];
}

/**
 * Where the archive holds two recordings of the same time, which of them is sent. A recording that is hidden can be sent
 * alone: both may be evidence, and neither need be right.
 */
export function RecordingChoice({ report, timeZone, recording, onChooseRecording }: RecordingChoiceProps) {
  const atTime = (utcMs: number) => formatInstant(utcMs, timeZone);
  const offered =
    recording === null ? besideShown(report?.plan?.overlaps ?? [], atTime) : inPlaceOf(recording, atTime);
  if (offered === null) return null;
  return (
    <Warning text={offered.sentence}>
      {onChooseRecording &&
        // By its place, so that whoever presses one keeps the focus on what takes it back.
        offered.choices.map(({ label, recording: chosen }, place) => (
          <Button key={place} size="small" onPress={() => onChooseRecording(chosen)}>
            {label}
          </Button>
        ))}
    </Warning>
  );
}

function besideShown(overlaps: readonly RecordedTwice[], atTime: (utcMs: number) => string): Offered | null {
  const sentence = overlapSentence(overlaps, atTime);
  const choices = hiddenRecordings(overlaps).map((hidden) => {
    return { label: `Send the recording that began at ${atTime(begunUtcMs(hidden))}`, recording: hidden };
  });
  return sentence === null ? null : { sentence, choices };
}

function inPlaceOf(recording: string, atTime: (utcMs: number) => string): Offered {
  const began = atTime(begunUtcMs(recording));
  return {
    sentence: `Only the recording that began at ${began} is sent; where a later one was made of the same time, that one is left out.`,
    choices: [{ label: "Send what the archive shows", recording: null }],
  };
}

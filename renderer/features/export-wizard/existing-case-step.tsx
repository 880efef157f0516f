import { bidiIsolated } from "#shared/domain/names.ts";
import { Name } from "#design-system/components/name.tsx";
import type { CaseSummary } from "#shared/domain/case.ts";
import { type RefObject, useDeferredValue, useEffect, useRef } from "react";
import { Badge } from "#design-system/components/badge.tsx";
import { formatDate } from "#shared/words/instants.ts";
import { FoundAnnouncer } from "#design-system/components/announcer.tsx";
import { ListBox } from "#design-system/components/list-box.tsx";
import { enterList, SearchField } from "#design-system/components/search-field.tsx";
import { useCases } from "../../main-process-client/destination.ts";
import { CASE_CLOSED_MESSAGE, CASE_NOT_SELECTED_MESSAGE } from "./draft-issues.ts";
import { useDraftStore } from "./draft-store.ts";
import { SEARCH_MAX_CHARACTERS, type ExportDraft } from "./export-draft.ts";
import { Notice } from "./notice.tsx";
import styles from "./steps.module.css";

interface ExistingCaseStepProps {
  readonly draft: ExportDraft;
  readonly timeZone: string;
  /** Next was pressed: what is missing is said now. */
  readonly showsMissing: boolean;
}

export function ExistingCaseStep({ draft, timeZone, showsMissing }: ExistingCaseStepProps) {
  const text = draft.view.caseSearch;
  const searched = useDeferredValue(text);
  const cases = useCases(searched);
  const found = (cases.value ?? []).map((summary) => ({ ...summary, id: summary.caseId }));
  const choose = (ids: ReadonlySet<string>) => {
    const chosen = found.find((summary) => ids.has(summary.id));
    if (chosen === undefined) return;
    const { caseId, name, state, accountId } = chosen;
    useDraftStore.getState().editAssociation({ existingCase: { caseId, name, state, accountId } });
  };
  const chosen = draft.existingCase;
  const list = useRef<HTMLDivElement>(null);
  const entering = useEntering(list, searched === text && !cases.isPending && !cases.isPrevious);
  return (
    <div className={styles["step"]}>
      <SearchField
        label="Search cases"
        placeholder="Name or number"
        value={text}
        onChange={(caseSearch) => {
          entering.forget();
          useDraftStore.getState().look({ caseSearch });
        }}
        maxLength={SEARCH_MAX_CHARACTERS}
        autoFocus
        onEnterList={entering.ask}
      />
      <FoundAnnouncer text={text} count={cases.isPending ? null : found.length} noun="case" />
      {cases.failure !== null && (
        <Notice tone="danger">
          {cases.failure.message} {cases.failure.action}
        </Notice>
      )}
      {chosen?.state === "closed" && <Notice tone="danger">{CASE_CLOSED_MESSAGE}</Notice>}
      {chosen === null && showsMissing && <Notice tone="danger">{CASE_NOT_SELECTED_MESSAGE}</Notice>}
      <ListBox
        label="Cases"
        ref={list}
        className={styles["cases"]}
        items={found}
        nameOf={(summary) => summary.name}
        selectionMode="single"
        selectedIds={new Set(chosen === null ? [] : [chosen.caseId])}
        onSelect={choose}
        emptyText={cases.isPending ? "Reading the cases…" : "No case matches."}
      >
        {(summary) => <CaseLine summary={summary} timeZone={timeZone} />}
      </ListBox>
      <span className={styles["quiet"]}>
        {chosen === null ? "No case selected" : `Selected: ${bidiIsolated(chosen.name)}`}
      </span>
    </div>
  );
}

/**
 * Into the list once it is of what stands in the search: whoever is quick with the keys would choose from the earlier
 * one.
 */
function useEntering(list: RefObject<HTMLDivElement | null>, isOfNow: boolean) {
  const isAsked = useRef(false);
  useEffect(() => {
    if (!isAsked.current || !isOfNow) return;
    isAsked.current = false;
    enterList(list.current);
  }, [isOfNow, list]);
  return {
    ask: () => {
      if (isOfNow) enterList(list.current);
      else isAsked.current = true;
    },
    forget: () => {
      isAsked.current = false;
    },
  };
}

function CaseLine({ summary, timeZone }: { readonly summary: CaseSummary; readonly timeZone: string }) {
  return (
    <span className={styles["case"]}>
      <span>
        <Name>{summary.name}</Name>
      </span>
      <span className={styles["quiet"]}>{summary.department}</span>
      <span className={styles["quiet"]}>{summary.category ?? "No category"}</span>
      <span className={styles["quiet"]}>{summary.recordNumber}</span>
      {summary.state === "closed" ? (
        <span className={styles["closed"]}>
          <Badge icon="cancel">Closed</Badge>
        </span>
      ) : (
        <span className={styles["quiet"]}>{formatDate(summary.createdUtcMs, timeZone)}</span>
      )}
    </span>
  );
}

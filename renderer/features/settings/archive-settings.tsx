import { useState } from "react";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { RequestOutput } from "#shared/ipc-contract/contract.ts";
import type { SiteArchive } from "#shared/ipc-contract/site-contract.ts";
import { Badge } from "#design-system/components/badge.tsx";
import { Button } from "#design-system/components/button.tsx";
import { ConfirmDialog } from "#design-system/components/dialog.tsx";
import { Name } from "#design-system/components/name.tsx";
import { readsFromElsewhere, useChooseArchive, useRemoveArchive } from "../../main-process-client/site.ts";
import { ArchiveDialog } from "./archive-dialog.tsx";
import { ArchiveFacts } from "./archive-facts.tsx";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";

type Site = RequestOutput<"site.state">;

/** What is being done about an archive: one thing at a time. */
type Doing =
  | { readonly kind: "nothing" }
  | { readonly kind: "adding" }
  | { readonly kind: "editing" | "using" | "removing"; readonly archive: SiteArchive };

const NOTHING: Doing = { kind: "nothing" };

/** The archives of the site, and which of them footage comes from. */
export function ArchiveSettings({ site }: { readonly site: Site }) {
  const [doing, setDoing] = useState<Doing>(NOTHING);
  const [notice, setNotice] = useState<SettingNotice>(null);
  const start = (next: Doing) => {
    setNotice(null);
    setDoing(next);
  };
  const end = (said: SettingNotice) => {
    setDoing(NOTHING);
    setNotice(said);
  };
  return (
    <section className={styles["section"]} aria-label="Archives">
      <div className={styles["row"]}>
        <h3>Archives</h3>
        <Button size="small" icon="plus" onPress={() => start({ kind: "adding" })}>
          Add an archive
        </Button>
      </div>
      <NoticeMessage notice={notice} />
      {site.archives.map((archive) => (
        <ArchivePart
          key={archive.archiveId}
          archive={archive}
          zone={site.timeZone}
          onDo={(kind) => start({ kind, archive })}
        />
      ))}
      {(doing.kind === "adding" || doing.kind === "editing") && (
        <ArchiveDialog
          archive={doing.kind === "editing" ? doing.archive : null}
          onClose={() => setDoing(NOTHING)}
          onSaved={(now, name) => {
            if (readsFromElsewhere(site, now)) window.location.reload();
            end({ done: `${bidiIsolated(name)} was saved.` });
          }}
        />
      )}
      <Questions doing={doing} site={site} onEnd={end} />
    </section>
  );
}

interface ArchivePartProps {
  readonly archive: SiteArchive;
  readonly zone: string;
  readonly onDo: (kind: "editing" | "using" | "removing") => void;
}

function ArchivePart({ archive, zone, onDo }: ArchivePartProps) {
  const name = bidiIsolated(archive.name);
  return (
    <section className={styles["section"]} aria-label={name}>
      <div className={styles["row"]}>
        <h4>
          <Name>{archive.name}</Name>
        </h4>
        {archive.isInUse && <Badge tone="success">In use</Badge>}
        <Button size="small" icon="edit" aria-label={`Edit ${name}`} onPress={() => onDo("editing")}>
          Edit
        </Button>
        {!archive.isInUse && (
          <Button size="small" aria-label={`Use ${name}`} onPress={() => onDo("using")}>
            Use
          </Button>
        )}
        {archive.kind === "added" && !archive.isInUse && (
          <Button size="small" icon="trash" aria-label={`Remove ${name}`} onPress={() => onDo("removing")}>
            Remove
          </Button>
        )}
      </div>
      <ArchiveFacts archive={archive} zone={zone} />
    </section>
  );
}

interface QuestionsProps {
  readonly doing: Doing;
  readonly site: Site;
  readonly onEnd: (notice: SettingNotice) => void;
}

/** Before another archive is used, and before one leaves the list. */
function Questions({ doing, site, onEnd }: QuestionsProps) {
  const choose = useChooseArchive();
  const remove = useRemoveArchive();
  const archive = doing.kind === "using" || doing.kind === "removing" ? doing.archive : null;
  const name = bidiIsolated(archive?.name ?? "the archive");
  const archiveId = archive?.archiveId ?? "";
  const useNow = async () => {
    onEnd(null);
    const answer = await choose.run({ archiveId });
    if (!answer.ok) return onEnd({ failure: answer.error });
    if (readsFromElsewhere(site, answer.value)) window.location.reload();
  };
  const removeNow = async () => {
    onEnd(null);
    const answer = await remove.run({ archiveId });
    onEnd(answer.ok ? { done: `${name} is not in the list any more.` } : { failure: answer.error });
  };
  return (
    <>
      <ConfirmDialog
        title={`Use ${name}?`}
        message="Its cameras take the place of those that are shown now, for everybody at this console. Tiles, marks and drafts of other cameras stay empty until their archive is used again."
        confirmLabel="Use"
        isOpen={doing.kind === "using"}
        onConfirm={() => void useNow()}
        onCancel={() => onEnd(null)}
      />
      <ConfirmDialog
        title={`Remove ${name}?`}
        message="The console forgets its address and its token. Nothing is changed in the archive itself."
        confirmLabel="Remove"
        isDanger
        isOpen={doing.kind === "removing"}
        onConfirm={() => void removeNow()}
        onCancel={() => onEnd(null)}
      />
    </>
  );
}

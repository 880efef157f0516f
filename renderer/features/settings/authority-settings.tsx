import { failed } from "#shared/domain/failure.ts";
import { DAY_MS } from "#shared/domain/time-range.ts";
import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import type { NetworkState } from "#shared/ipc-contract/network-contract.ts";
import { Badge } from "#design-system/components/badge.tsx";
import { Button, IconButton } from "#design-system/components/button.tsx";
import { formatDate } from "#shared/words/instants.ts";
import { useAddAuthorities, useRemoveAuthority } from "../../main-process-client/network.ts";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";

type Authority = NetworkState["authorities"][number];

/** A chain of authorities is some kilobytes. */
const FILE_MAX_BYTES = 700_000;
/** A renewal takes an organisation weeks. */
const SOON_MS = 30 * DAY_MS;

/** Authorities that are trusted beside those of the system. */
export function AuthoritySettings({ state }: { readonly state: NetworkState }) {
  const [notice, setNotice] = useState<SettingNotice>(null);
  const add = useAddAuthorities();
  const remove = useRemoveAuthority();
  const addFirst = async (files: FileList | null) => {
    const file = files?.[0];
    if (file === undefined || add.isRunning) return;
    setNotice(null);
    const base64 = file.size > FILE_MAX_BYTES ? null : await base64Of(file);
    if (base64 === null) return setNotice({ failure: UNREADABLE });
    const answer = await add.run({ base64 });
    setNotice(answer.ok ? { done: "The authority is trusted from now on." } : { failure: answer.error });
  };
  const removeOne = async ({ fingerprint, subject }: Authority) => {
    const answer = await remove.run({ fingerprint });
    setNotice(answer.ok ? { done: `“${subject}” is not trusted any more.` } : { failure: answer.error });
  };
  return (
    <section className={styles["section"]} aria-labelledby="authorities-title">
      <h3 id="authorities-title">Certificate authorities</h3>
      <p className={styles["hint"]}>
        The {state.systemAuthorities} authorities of this system are trusted. Add the one of your
        organisation, or of its proxy that opens TLS.
      </p>
      {!state.canChooseTrust && (
        <p role="alert" className={styles["problem"]}>
          This program’s runtime cannot be given authorities here. Start it with NODE_EXTRA_CA_CERTS naming
          the file.
        </p>
      )}
      {state.authorities.length > 0 && (
        <ul className={styles["authorities"]}>
          {state.authorities.map((authority) => (
            <li key={authority.fingerprint} tabIndex={-1} className={styles["authority"]}>
              <span>
                <bdi>{authority.subject}</bdi>
                {authority.issuer !== authority.subject && (
                  <span className={styles["hint"]}>
                    {" "}
                    issued by <bdi>{authority.issuer}</bdi>
                  </span>
                )}
              </span>
              <Expiry validToUtcMs={authority.validToUtcMs} />
              <IconButton
                icon="trash"
                size="small"
                label={`Remove ${authority.subject}`}
                onPress={() => void removeOne(authority)}
              />
            </li>
          ))}
        </ul>
      )}
      <div className={styles["row"]}>
        <FileTrigger
          acceptedFileTypes={[".pem", ".crt", ".cer", ".der"]}
          onSelect={(files) => void addFirst(files)}
        >
          <Button icon="folder" isDisabled={!state.canChooseTrust}>
            Add an authority
          </Button>
        </FileTrigger>
      </div>
      <NoticeMessage notice={notice} />
    </section>
  );
}

function Expiry({ validToUtcMs }: { readonly validToUtcMs: number }) {
  const [nowUtcMs] = useState(Date.now);
  const leftMs = validToUtcMs - nowUtcMs;
  const day = formatDate(validToUtcMs, "UTC");
  if (leftMs <= 0) {
    return (
      <Badge tone="danger" icon="warning">
        Expired on {day}
      </Badge>
    );
  }
  return leftMs < SOON_MS ? <Badge icon="warning">Expires on {day}</Badge> : <span>Until {day}</span>;
}

async function base64Of(file: File): Promise<string | null> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  } catch {
    // It was removed, or may not be read: the operator is told below the button.
    return null;
  }
}

const { error: UNREADABLE } = failed(
  "AUTHORITY_FILE_INVALID",
  "This file could not be read, or is too large for one of an authority.",
);

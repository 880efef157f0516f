import { useEffect, useRef, useState, type ReactNode } from "react";
import { Button } from "#design-system/components/button.tsx";
import { KeysSheet } from "#design-system/components/keys-sheet.tsx";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import { formatZone } from "#shared/words/instants.ts";
import { Name } from "#design-system/components/name.tsx";
import { NativeSelect } from "#design-system/components/native-select.tsx";
import { NO_FILTER, WHOLE_TRAIL } from "../history/audit-address.ts";
import { useRoute } from "../history/navigation.ts";
import { addressOf } from "../history/route.ts";
import { RouteLink } from "../history/route-link.tsx";
import styles from "./app-frame.module.css";
import { WEB_KEY_SHEET } from "./web-key-sheet.ts";
import { useSignOut } from "../service-client/signed-in.ts";
import { useZoneChoice, ZONES } from "../wall-clock/time-zone.ts";

interface AppFrameProps {
  readonly fullName: string;
  /** Of the account: places that it has no right to are left out. */
  readonly rights: readonly string[];
  readonly children: ReactNode;
}

/** What stands around every page once somebody is signed in. */
export function AppFrame({ fullName, rights, children }: AppFrameProps) {
  const main = useMainFocus();
  const { page } = useRoute();
  return (
    <div className={styles["frame"]}>
      <a className={styles["skipLink"]} href="#content">
        Skip to content
      </a>
      <header className={styles["bar"]}>
        <span className={styles["product"]}>
          <img src="/icon.svg" alt="" width="20" height="20" />
          {PRODUCT_NAME}
        </span>
        <MainNavigation rights={rights} />
        <ZoneChoice />
        <KeysSheet groups={WEB_KEY_SHEET} />
        <span className={styles["who"]}>
          <RouteLink to={{ page: "myAccount" }} current={page === "myAccount"}>
            <Name>{fullName}</Name>
          </RouteLink>
        </span>
        <SignOutButton />
      </header>
      <main id="content" tabIndex={-1} ref={main} className={styles["content"]}>
        {children}
      </main>
    </div>
  );
}

const PEOPLES_PAGES: ReadonlySet<string> = new Set([
  ...["people", "person", "groups", "group", "serviceAccounts", "serviceAccount"],
  ...["refusedSignIns", "factorRule"],
]);

function MainNavigation({ rights }: Pick<AppFrameProps, "rights">) {
  const { page } = useRoute();
  return (
    <nav aria-label="Main" className={styles["places"]}>
      <RouteLink to={{ page: "caseList", text: "" }} current={page === "caseList" || page === "case"}>
        Cases
      </RouteLink>
      <RouteLink
        to={{ page: "evidenceList", text: "", withoutCase: false }}
        current={page === "evidenceList" || page === "evidence"}
      >
        Evidence
      </RouteLink>
      {rights.includes("see-audit") && (
        <RouteLink to={{ page: "audit", of: WHOLE_TRAIL, filter: NO_FILTER }} current={page === "audit"}>
          Audit
        </RouteLink>
      )}
      {rights.includes("manage-retention") && (
        <RouteLink to={{ page: "retention" }} current={page === "retention"}>
          Retention
        </RouteLink>
      )}
      {rights.includes("administer-people") && (
        <RouteLink to={{ page: "people", text: "" }} current={PEOPLES_PAGES.has(page)}>
          People
        </RouteLink>
      )}
      {rights.includes("administer-service") && (
        <RouteLink to={{ page: "administration" }} current={page === "administration"}>
          Administration
        </RouteLink>
      )}
    </nav>
  );
}

function ZoneChoice() {
  const { zone, choose } = useZoneChoice();
  const [options] = useState(zoneOptions);
  return <NativeSelect label="Time zone" options={options} value={zone} onChoose={choose} />;
}

/** Offsets as they are now; recordings of another season carry their own. */
function zoneOptions() {
  const now = Date.now();
  return ZONES.map((value) => ({ value, text: formatZone(now, value) }));
}

function SignOutButton() {
  const signOut = useSignOut();
  return (
    <Button
      size="small"
      variant="quiet"
      icon="log-off"
      onPress={() => signOut.mutate()}
      isPending={signOut.isPending}
    >
      Sign out
    </Button>
  );
}

/** A new page takes the focus, so that the keyboard and screen readers begin at its top. */
function useMainFocus() {
  const main = useRef<HTMLElement>(null);
  const route = useRoute();
  const place = addressOf(route).split("?")[0];
  const before = useRef(place);
  useEffect(() => {
    if (before.current !== place) main.current?.focus({ preventScroll: true });
    before.current = place;
  }, [place]);
  return main;
}

import { useEffect } from "react";
import { Message } from "#design-system/components/message.tsx";
import { replaceWith, useRoute } from "./history/navigation.ts";
import { addressOf, type Route } from "./history/route.ts";
import { AdministrationPage } from "./pages/administration-page.tsx";
import { AuditPage } from "./pages/audit-page.tsx";
import { AppFrame } from "./pages/app-frame.tsx";
import { CaseListPage } from "./pages/case-list-page.tsx";
import { CasePage } from "./pages/case-page.tsx";
import { EvidenceListPage } from "./pages/evidence-list-page.tsx";
import { EvidencePage } from "./pages/evidence-page.tsx";
import { FactorRulePage } from "./pages/factor-rule-page.tsx";
import { GroupPage } from "./pages/group-page.tsx";
import { GroupsPage } from "./pages/groups-page.tsx";
import { LinkPage } from "./pages/link-page.tsx";
import { MyAccountPage } from "./pages/my-account-page.tsx";
import { PeoplePage } from "./pages/people-page.tsx";
import { PersonPage } from "./pages/person-page.tsx";
import { RefusedSignInsPage } from "./pages/refused-sign-ins-page.tsx";
import { RetentionPage } from "./pages/retention-page.tsx";
import { NotFoundPage } from "./pages/not-found-page.tsx";
import { ServiceAccountPage } from "./pages/service-account-page.tsx";
import { ServiceAccountsPage } from "./pages/service-accounts-page.tsx";
import { SignInPage } from "./pages/sign-in-page.tsx";
import { SecondStepPage } from "./pages/second-step-page.tsx";
import { ServiceFailure } from "./pages/service-failure.tsx";
import styles from "./pages/lone-page.module.css";
import { useMe } from "./service-client/signed-in.ts";

/**
 * Who is not signed in sees the sign-in page at whatever address was asked for, so that the address
 * is still there when they are.
 */
export function App() {
  const { page } = useRoute();
  return page === "link" ? <LinkPage /> : <SignedInApp />;
}

function SignedInApp() {
  const me = useMe();
  if (me.data === undefined) {
    return (
      <main className={styles["page"]}>
        {me.isError ? (
          <ServiceFailure error={me.error} onRetry={() => void me.refetch()} />
        ) : (
          <Message busy title="Loading…" />
        )}
      </main>
    );
  }
  if (me.data.secondStep !== null)
    return <SecondStepPage step={me.data.secondStep} passkeyHost={me.data.passkeyHost} />;
  if (me.data.user === null)
    return <SignInPage demo={me.data.demoSignIn} passkeyHost={me.data.passkeyHost} />;
  const { fullName, username, rights } = me.data.user;
  return (
    <AppFrame fullName={fullName || username} rights={rights}>
      <CurrentPage />
    </AppFrame>
  );
}

function CurrentPage() {
  const route = useRoute();
  switch (route.page) {
    case "home":
      return <Home />;
    case "caseList":
      return <CaseListPage text={route.text} />;
    case "case":
      return <CasePage key={route.caseId} caseId={route.caseId} />;
    case "evidenceList":
      return <EvidenceListPage text={route.text} withoutCase={route.withoutCase} />;
    case "evidence":
      return (
        <EvidencePage
          key={addressOf(route)}
          evidenceId={route.evidenceId}
          startS={route.atS ?? 0}
          fileId={route.fileId ?? null}
        />
      );
    case "audit":
      return <AuditPage key={`${route.of.kind} ${route.of.id}`} of={route.of} filter={route.filter} />;
    case "administration":
      return <AdministrationPage />;
    case "retention":
      return <RetentionPage />;
    case "people":
      return <PeoplePage text={route.text} />;
    case "person":
      return <PersonPage key={route.username} username={route.username} />;
    case "groups":
      return <GroupsPage />;
    case "group":
      return <GroupPage key={route.groupId} groupId={route.groupId} />;
    case "serviceAccounts":
      return <ServiceAccountsPage />;
    case "serviceAccount":
      return <ServiceAccountPage key={route.accountId} accountId={route.accountId} />;
    case "refusedSignIns":
      return <RefusedSignInsPage />;
    case "factorRule":
      return <FactorRulePage />;
    case "myAccount":
      return <MyAccountPage />;
    // Shown to whoever has a link, signed in or not.
    case "link":
      return null;
    case "unknown":
      return <NotFoundPage what="page" />;
  }
}

const FIRST_PAGE: Route = { page: "caseList", text: "" };

function Home() {
  useEffect(() => replaceWith(FIRST_PAGE), []);
  return null;
}

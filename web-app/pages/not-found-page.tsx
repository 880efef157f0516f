import { Mono } from "#design-system/components/text.tsx";
import { RouteLink } from "../history/route-link.tsx";
import styles from "./not-found-page.module.css";
import { usePageTitle } from "./page-title.ts";

const SENTENCES = {
  page: "Nothing of the evidence service has this address.",
  case: "There is no case with this address, or it is not open to you.",
  evidence: "There is no evidence with this address, or it is not open to you.",
  person: "Nobody has an account with this name.",
  group: "There is no group with this address.",
  "service account": "There is no service account with this address.",
} as const;

interface NotFoundPageProps {
  readonly what: keyof typeof SENTENCES;
}

export function NotFoundPage({ what }: NotFoundPageProps) {
  usePageTitle("Not found");
  return (
    <div className={styles["page"]}>
      <h1>Not found</h1>
      <p>{SENTENCES[what]}</p>
      <p>
        <Mono>{window.location.pathname}</Mono>
      </p>
      <p className={styles["links"]}>
        <RouteLink to={{ page: "caseList", text: "" }}>All cases</RouteLink>
        <RouteLink to={{ page: "evidenceList", text: "", withoutCase: false }}>All evidence</RouteLink>
      </p>
    </div>
  );
}

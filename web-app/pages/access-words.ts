import type { WebHolder, WebLevel } from "#shared/web-api/access.ts";

/** What each level lets do; each has what those before it have. */
export const LEVEL_NAMES: Readonly<Record<WebLevel, string>> = {
  view: "View",
  download: "View and download",
  edit: "Edit",
  manage: "Manage",
};

export const LEVEL_OPTIONS = (Object.keys(LEVEL_NAMES) as WebLevel[]).map((value) => ({
  value,
  text: LEVEL_NAMES[value],
}));

export const KIND_NAMES: Readonly<Record<WebHolder["kind"], string>> = {
  user: "Person",
  group: "Group",
  service: "Service account",
  guest: "Guest",
  everyone: "Everyone",
};

/** One text for each holder, for lists and keys. */
export const holderKey = ({ kind, id }: WebHolder): string => `${kind}:${id}`;

import type { NewOperator } from "#electron/adapters/site/operator-list.ts";

/** Who may log on to the demo site; names and passwords are shown on its log-on dialog. */
export const DEMO_OPERATORS: readonly NewOperator[] = [
  {
    username: "operator",
    password: "operator",
    displayName: "Night operator",
    privileges: ["send-to-clearance"],
    demoNote: "may send evidence",
  },
  {
    username: "viewer",
    password: "viewer",
    displayName: "Viewer",
    privileges: [],
    demoNote: "may only watch",
  },
  {
    username: "administrator",
    password: "administrator",
    displayName: "Administrator",
    privileges: ["send-to-clearance", "configure"],
    demoNote: "may also change the settings",
  },
];

import "#design-system/base.css";
import "./app-shell/page.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { keepFocus } from "#shared/page/focus-keeper.ts";
import { Application } from "./app-shell/application.tsx";
import { reportPageErrors } from "./main-process-client/page-errors.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element to draw the console in.");
reportPageErrors();
keepFocus();
createRoot(root).render(
  <StrictMode>
    <Application />
  </StrictMode>,
);

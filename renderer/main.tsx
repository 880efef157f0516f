import "./design-system/tokens.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Application } from "./app-shell/application.tsx";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element to draw the console in.");
createRoot(root).render(
  <StrictMode>
    <Application />
  </StrictMode>,
);

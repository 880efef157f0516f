import "./content-policy.ts";
import "#design-system/base.css";
import "./page.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { keepFocus } from "#shared/page/focus-keeper.ts";
import { App } from "./app.tsx";
import { createQueryClient } from "./service-client/query-client.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root element.");
keepFocus();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);

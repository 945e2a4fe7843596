import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries, whenSignedOut } from "./lib/api";
import { router } from "./router";
import "./styles/tokens.css";
import "./styles/base.css";

// Whoever is thrown out in the middle of the work comes back to it after signing in again.
whenSignedOut((wanted) =>
  router.navigate({ to: "/sign-in", search: wanted ? {} : { next: router.state.location.href } }),
);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);

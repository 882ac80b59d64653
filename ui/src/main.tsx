import { createRoot } from "react-dom/client";
import "./shared/styles/tokens.css";
import "./shared/styles/base.css";
import "./shared/styles/opening.css";
import { showRememberedLook } from "./shared/format/preferences";
import { insideDesktop } from "./shared/ipc";
import { App } from "./views/App";

async function start(): Promise<void> {
  // In a browser, and only in a build made for it, a table of made-up answers stands in for the backend.
  if (import.meta.env.MODE === "mock" && !insideDesktop()) {
    const { startMock } = await import("./mock");
    startMock();
  }
  showRememberedLook();
  const root = document.getElementById("root");
  if (root) createRoot(root).render(<App />);
}

void start();

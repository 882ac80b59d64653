/** Opens the whole window on a pretend backend, at one screen. */
import { render, screen } from "@testing-library/react";
import { type MockOptions, makeBackend, problem } from "../src/mock/backend";
import type { Screen, ThemeChoice } from "../src/shared/ipc";
import { type Handlers, installMock } from "../src/shared/ipc/mock";
import { App } from "../src/views/App";

export type OpenOptions = MockOptions & {
  tab?: string;
  fail?: string[];
  hang?: string[];
  theme?: ThemeChoice;
  handlers?: Handlers;
};

export async function openScreen(at: Screen, options: OpenOptions = {}) {
  const handlers = {
    ...makeBackend({ ...options, preferences: { theme: options.theme ?? "light" } }),
    ...options.handlers,
  };
  for (const command of options.fail ?? []) {
    handlers[command] = () => {
      throw problem("TO-1204", "The local data could not be read.", "Close other copies of Tieout, then try again.");
    };
  }
  installMock(handlers, (command) => (options.hang?.includes(command) ? 3_600_000 : 0));
  history.replaceState(null, "", `#/${at}?period=2026-01${options.tab ? `&tab=${options.tab}` : ""}`);
  dispatchEvent(new HashChangeEvent("hashchange"));
  const view = render(<App />);
  await screen.findByText("Larkspur Home & Garden");
  return view;
}

/** The commands each screen cannot do without. */
export const MAIN_COMMANDS: Record<Screen, string[]> = {
  today: ["today"],
  match: ["match_rows"],
  exceptions: ["exception_cases"],
  approvals: ["proposals"],
  tieOut: ["tie_out"],
  sync: ["sync_board"],
  activity: ["activity"],
  connections: ["connections"],
  settings: ["settings_text"],
};

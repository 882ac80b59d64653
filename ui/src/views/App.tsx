/** The frame and the screen in it; global actions live here. */
import { QueryClientProvider, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useUnlockAtStart } from "../features/connections/Vault";
import { HistoryDialog, KeySheet } from "../features/frame/KeySheet";
import { useOpenDemo, usePropose, usePull, useRedo, useRunMatch, useUndo } from "../features/frame/mutations";
import { Palette } from "../features/frame/Palette";
import { Rail } from "../features/frame/Rail";
import { StatusBar } from "../features/frame/StatusBar";
import { TopBar } from "../features/frame/TopBar";
import { ActionProvider, useActions } from "../shared/actions/provider";
import { showTimesIn } from "../shared/format/dates";
import { PreferencesProvider, usePreferences, useSavePreferences } from "../shared/format/preferences";
import type { AppStateView, Preferences, Screen } from "../shared/ipc";
import { go, goBack, usePlace } from "../shared/nav";
import { cyclePane } from "../shared/panes";
import { appState, followBackend, newQueryClient } from "../shared/query";
import { DialogRegion, openDialog } from "../shared/ui/dialog";
import { ErrorFace, TableSkeleton } from "../shared/ui/faces";
import { ToastRegion } from "../shared/ui/toast";
import { usePeriod } from "../shared/usePeriod";
import s from "./App.module.css";
import { ScreenView } from "./screens";

export function App() {
  const [client] = useState(newQueryClient);
  return (
    <QueryClientProvider client={client}>
      <PreferencesProvider>
        <Following>
          <Shell />
        </Following>
      </PreferencesProvider>
    </QueryClientProvider>
  );
}

function Following({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  useEffect(() => followBackend(client), [client]);
  return children;
}

function Shell() {
  const { screen } = usePlace();
  return (
    <ActionProvider screen={screen}>
      <Frame screen={screen} />
    </ActionProvider>
  );
}

function Frame({ screen }: { screen: Screen }) {
  const { data: app, error, isPending, refetch } = useQuery(appState);
  const period = usePeriod();
  useGlobalActions(app, period, screen);
  if (app) showTimesIn(app.timeZone);
  useUnlockAtStart(app);
  return (
    <div className={s.app}>
      <TopBar app={app} period={period} screen={screen} />
      <Rail app={app} screen={screen} />
      <main className={s.main} id="main">
        {isPending && <TableSkeleton label="Opening the company" />}
        {error && <ErrorFace error={error} onRetry={() => void refetch()} />}
        {app && <ScreenView screen={screen} app={app} period={period} />}
      </main>
      <StatusBar app={app} />
      <DialogRegion />
      <ToastRegion />
    </div>
  );
}

function useGlobalActions(app: AppStateView | undefined, period: string | null, screen: Screen): void {
  const preferences = usePreferences();
  const save = useSavePreferences();
  const undo = useUndo();
  const redo = useRedo();
  const pull = usePull();
  const match = useRunMatch();
  const propose = usePropose();
  const demo = useOpenDemo();
  const look = (change: Partial<Preferences>) => save.mutate({ ...preferences, ...change });
  const zoom = (by: number) => look({ zoom: Math.max(50, Math.min(200, preferences.zoom + by)) });
  const periods = app?.periods ?? [];
  const at = periods.findIndex(({ id }) => id === period);
  const step = (by: number) => {
    const next = periods[at + by];
    return next && at >= 0 ? () => go({ period: next.id, id: null }) : undefined;
  };
  useActions({
    "go.today": () => go({ screen: "today" }),
    "go.match": () => go({ screen: "match" }),
    "go.exceptions": () => go({ screen: "exceptions" }),
    "go.approvals": () => go({ screen: "approvals" }),
    "go.connections": () => go({ screen: "connections" }),
    "go.tieOut": () => go({ screen: "tieOut" }),
    "go.sync": () => go({ screen: "sync" }),
    "go.activity": () => go({ screen: "activity" }),
    "go.settings": () => go({ screen: "settings" }),
    "go.back": goBack,
    "period.previous": step(-1),
    "period.next": step(1),
    "file.refresh": () => pull.mutate(),
    "file.match": period ? () => match.mutate(period) : undefined,
    "file.propose": period ? () => propose.mutate(period) : undefined,
    "file.import": () => go({ screen: "settings", tab: "imports" }),
    "file.export": () => go({ screen: "exceptions", tab: "byCause", id: "export" }),
    "file.demo": () => demo.mutate(),
    "edit.undo": app?.undo ? () => undo.mutate() : undefined,
    "edit.redo": app?.redo ? () => redo.mutate() : undefined,
    "view.palette": () =>
      openDialog({
        label: "Search and commands",
        top: true,
        render: (close) => <Palette screen={screen} close={close} />,
      }),
    "view.nextPane": () => cyclePane(1),
    "view.previousPane": () => cyclePane(-1),
    "view.theme": () => look({ theme: document.documentElement.dataset.theme?.includes("dark") ? "light" : "dark" }),
    "view.density": () => look({ density: preferences.density === "compact" ? "comfortable" : "compact" }),
    "view.zoomIn": () => zoom(10),
    "view.zoomOut": () => zoom(-10),
    "view.zoomReset": () => look({ zoom: 100 }),
    "help.keys": () =>
      openDialog({ label: "Keyboard sheet", wide: true, render: (close) => <KeySheet close={close} /> }),
    "help.history": () =>
      openDialog({ label: "What was done here", render: (close) => <HistoryDialog close={close} /> }),
  });
}

/** Which screen stands in the frame. */
import { type ComponentType, lazy, Suspense } from "react";
import { TodayScreen } from "../features/today/TodayScreen";
import type { AppStateView, Screen } from "../shared/ipc";
import { go } from "../shared/nav";
import { ActionButton, Button } from "../shared/ui/controls";
import { EmptyState, TableSkeleton } from "../shared/ui/faces";

export type ScreenProps = { app: AppStateView; period: string };

/** Today comes with the frame; the others are read when they are first gone to. */
const SCREENS: Record<Screen, ComponentType<ScreenProps>> = {
  today: TodayScreen,
  match: lazy(async () => ({ default: (await import("../features/match/MatchScreen")).MatchScreen })),
  exceptions: lazy(async () => ({
    default: (await import("../features/exceptions/ExceptionsScreen")).ExceptionsScreen,
  })),
  approvals: lazy(async () => ({ default: (await import("../features/approvals/ApprovalsScreen")).ApprovalsScreen })),
  tieOut: lazy(async () => ({ default: (await import("../features/tie-out/TieOutScreen")).TieOutScreen })),
  sync: lazy(async () => ({ default: (await import("../features/sync/SyncScreen")).SyncScreen })),
  activity: lazy(async () => ({ default: (await import("../features/activity/ActivityScreen")).ActivityScreen })),
  connections: lazy(async () => ({
    default: (await import("../features/connections/ConnectionsScreen")).ConnectionsScreen,
  })),
  settings: lazy(async () => ({ default: (await import("../features/settings/SettingsScreen")).SettingsScreen })),
};

const NEEDS_NO_PERIOD: readonly Screen[] = ["connections", "settings", "activity", "sync"];

export function ScreenView({ screen, app, period }: { screen: Screen; app: AppStateView; period: string | null }) {
  const View = SCREENS[screen];
  if (!period && !NEEDS_NO_PERIOD.includes(screen)) {
    return (
      <EmptyState
        title="Nothing has been read yet"
        hint="Connect the store and Intacct, or look around in the demo company. No credentials are needed for the demo."
      >
        <ActionButton action="file.demo" look="primary" />
        <Button onClick={() => go({ screen: "connections" })}>Connect…</Button>
        <ActionButton action="file.refresh" look="quiet" />
      </EmptyState>
    );
  }
  return (
    <Suspense fallback={<TableSkeleton label="Opening the screen" />}>
      <View app={app} period={period ?? ""} />
    </Suspense>
  );
}

/** Which screen stands in the frame. */
import type { ComponentType } from "react";
import { ActivityScreen } from "../features/activity/ActivityScreen";
import { ApprovalsScreen } from "../features/approvals/ApprovalsScreen";
import { ConnectionsScreen } from "../features/connections/ConnectionsScreen";
import { ExceptionsScreen } from "../features/exceptions/ExceptionsScreen";
import { MatchScreen } from "../features/match/MatchScreen";
import { SettingsScreen } from "../features/settings/SettingsScreen";
import { TieOutScreen } from "../features/tie-out/TieOutScreen";
import { TodayScreen } from "../features/today/TodayScreen";
import type { AppStateView, Screen } from "../shared/ipc";
import { go } from "../shared/nav";
import { ActionButton, Button } from "../shared/ui/controls";
import { EmptyState } from "../shared/ui/faces";

export type ScreenProps = { app: AppStateView; period: string };

const SCREENS: Record<Screen, ComponentType<ScreenProps>> = {
  today: TodayScreen,
  match: MatchScreen,
  exceptions: ExceptionsScreen,
  approvals: ApprovalsScreen,
  tieOut: TieOutScreen,
  activity: ActivityScreen,
  connections: ConnectionsScreen,
  settings: SettingsScreen,
};

const NEEDS_NO_PERIOD: readonly Screen[] = ["connections", "settings", "activity"];

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
  return <View app={app} period={period ?? ""} />;
}

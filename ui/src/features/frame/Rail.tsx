/** The screens, with what is open on each. */
import { keyLabel } from "../../shared/actions/keys";
import { type ActionId, actions } from "../../shared/actions/registry";
import type { AppStateView, Screen } from "../../shared/ipc";
import { go } from "../../shared/nav";
import { Icon, type IconName } from "../../shared/ui/Icon";
import s from "./Rail.module.css";

type Stop = { screen: Screen; label: string; icon: IconName; action: ActionId };

const STOPS: readonly Stop[] = [
  { screen: "today", label: "Today", icon: "today", action: "go.today" },
  { screen: "match", label: "Match", icon: "match", action: "go.match" },
  { screen: "exceptions", label: "Exceptions", icon: "warning", action: "go.exceptions" },
  { screen: "approvals", label: "Approvals", icon: "approvals", action: "go.approvals" },
  { screen: "tieOut", label: "Tie-out", icon: "balance", action: "go.tieOut" },
  { screen: "sync", label: "Sync", icon: "sync", action: "go.sync" },
  { screen: "activity", label: "Activity", icon: "activity", action: "go.activity" },
  { screen: "connections", label: "Connect", icon: "plug", action: "go.connections" },
  { screen: "settings", label: "Settings", icon: "settings", action: "go.settings" },
];

export function Rail({ app, screen }: { app: AppStateView | undefined; screen: Screen }) {
  const counts: Partial<Record<Screen, number>> = {
    match: app?.openCounts.matching,
    exceptions: app?.openCounts.exceptions,
    approvals: app?.openCounts.approvals,
  };
  return (
    <nav className={s.rail} aria-label="Screens" data-pane>
      {STOPS.map(({ screen: stop, label, icon, action }) => {
        const open = counts[stop];
        const key = actions[action].keys[0];
        const title = open ? `${label}, ${open.toLocaleString("en")} open in all periods` : label;
        return (
          <a
            key={stop}
            href={`#/${stop}`}
            title={key ? `${title} (${keyLabel(key)})` : title}
            aria-label={open ? `${label}, ${open} open` : label}
            aria-current={stop === screen ? "page" : undefined}
            className={stop === "settings" ? s.last : undefined}
            data-testid={`rail-${stop}`}
            onClick={(event) => {
              event.preventDefault();
              go({ screen: stop });
            }}
          >
            <Icon name={icon} />
            <span>{label}</span>
            {open ? <b aria-hidden="true">{open > 9999 ? "9999+" : open}</b> : null}
          </a>
        );
      })}
    </nav>
  );
}

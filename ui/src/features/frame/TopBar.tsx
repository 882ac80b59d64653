/** Who and when: company, entity, store, period, environment, how fresh each source is, search and help. */
import {
  Button as AriaButton,
  Header,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
  Section,
  Separator,
} from "react-aria-components";
import { keyLabel } from "../../shared/actions/keys";
import { useActionCentre, useOfferedActions } from "../../shared/actions/provider";
import { type ActionId, places } from "../../shared/actions/registry";
import type { AppStateView, FreshnessView, PeriodView, Screen } from "../../shared/ipc";
import { go } from "../../shared/nav";
import { ActionButton, Button, Chip, c, KeyCaps } from "../../shared/ui/controls";
import { Icon } from "../../shared/ui/Icon";
import s from "./TopBar.module.css";

const ENVIRONMENT = { demo: "DEMO", sandbox: "SANDBOX", production: "PRODUCTION" } as const;

export function TopBar({
  app,
  period,
  screen,
}: {
  app: AppStateView | undefined;
  period: string | null;
  screen: Screen;
}) {
  const centre = useActionCentre();
  return (
    <header className={s.top} data-pane>
      <MainMenu screen={screen} />
      {app && !app.needsConnection && (
        <>
          <Named label="Company" value={app.company} strong />
          {app.entity && (
            <span className={s.hideSmall}>
              <Named label="Entity" value={app.entity} />
            </span>
          )}
          <span className={s.hideSmall}>
            <Named label="Store" value={app.store} />
          </span>
          <PeriodPicker periods={app.periods} period={period} />
          <span className={s.env} data-env={app.environment} data-testid="environment">
            {ENVIRONMENT[app.environment]}
          </span>
        </>
      )}
      <span className={c.grow} />
      {app?.freshness.map((source) => (
        <Freshness key={source.source} source={source} />
      ))}
      <Button
        className={s.search}
        onClick={() => centre.run("view.palette")}
        data-testid="open-palette"
        aria-label="Search and commands"
      >
        <Icon name="search" />
        <span className={c.grow}>Search</span>
        <KeyCaps keys="Mod+K" />
      </Button>
      <ActionButton action="help.keys" look="quiet" iconOnly showKey={false} aria-label="Keyboard sheet">
        <Icon name="help" />
      </ActionButton>
    </header>
  );
}

function Named({ label, value, strong }: { label: string; value: string; strong?: boolean }) {
  return (
    <span className={s.named} title={`${label}: ${value}`}>
      <small>{label}</small>
      <span className={strong ? c.strong : undefined}>{value}</span>
    </span>
  );
}

function Freshness({ source }: { source: FreshnessView }) {
  const word = { fresh: "", late: " late", failed: " failed" }[source.state];
  return (
    <span
      className={s.fresh}
      data-state={source.state}
      title={source.detail}
      data-testid={`freshness-${source.source}`}
    >
      <i aria-hidden="true" />
      {source.source} {source.age}
      <span className="vh">{word}</span>
    </span>
  );
}

function PeriodPicker({ periods, period }: { periods: PeriodView[]; period: string | null }) {
  const shown = periods.find(({ id }) => id === period);
  return (
    <span className={s.period}>
      <ActionButton action="period.previous" look="quiet" iconOnly showKey={false} aria-label="Previous period">
        <Icon name="left" />
      </ActionButton>
      <MenuTrigger>
        <AriaButton
          className={s.pick}
          data-testid="period"
          aria-label={`Period ${shown?.label ?? "none"}, ${shown?.state ?? ""}`}
        >
          <small>Period</small>
          {shown?.label ?? "none"}{" "}
          {shown && <Chip tone={shown.state === "unknown" ? "warn" : "plain"}>{PERIOD_WORD[shown.state]}</Chip>}
          <Icon name="down" small />
        </AriaButton>
        <Popover className={s.popover}>
          <Menu className={s.menu} onAction={(id) => go({ period: String(id) })} aria-label="Period">
            {[...periods].reverse().map((one) => (
              <MenuItem key={one.id} id={one.id} className={s.item} textValue={one.label}>
                <span className={c.grow}>{one.label}</span>
                <Chip>{PERIOD_WORD[one.state]}</Chip>
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      <ActionButton action="period.next" look="quiet" iconOnly showKey={false} aria-label="Next period">
        <Icon name="right" />
      </ActionButton>
    </span>
  );
}

const PERIOD_WORD = { open: "Open", closed: "Closed", unknown: "Not read" } as const;

/** The menu: every action of this screen by its place, the same table the palette and the keys read. */
function MainMenu({ screen }: { screen: Screen }) {
  const centre = useActionCentre();
  const offered = useOfferedActions(screen);
  return (
    <MenuTrigger>
      <AriaButton className={s.brand} aria-label="Menu" data-testid="main-menu">
        <Icon name="brand" />
      </AriaButton>
      <Popover className={s.popover}>
        <Menu
          className={s.menu}
          aria-label="Menu"
          disabledKeys={offered.filter(({ possible }) => !possible).map(({ id }) => id)}
          onAction={(id) => setTimeout(() => centre.run(id as ActionId), 0)}
        >
          {places
            .map((place) => ({ place, items: offered.filter(({ def }) => def.place === place) }))
            .filter(({ items }) => items.length > 0)
            .map(({ place, items }) => (
              <Section key={place} className={s.section}>
                <Header className={s.place}>{place}</Header>
                {items.map(({ id, def }) => (
                  <MenuItem key={id} id={id} className={s.item} textValue={def.label}>
                    <span className={c.grow}>{def.label}</span>
                    {def.keys[0] && <span className={s.key}>{keyLabel(def.keys[0])}</span>}
                  </MenuItem>
                ))}
                <Separator />
              </Section>
            ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** Ctrl/Cmd+K: every action with its key, recent ones first, and every record by number, name or amount. */
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useState } from "react";
import { useActionCentre, useOfferedActions } from "../../shared/actions/provider";
import { ask, commands, type Screen } from "../../shared/ipc";
import { openTarget } from "../../shared/nav";
import { c, KeyCaps } from "../../shared/ui/controls";
import { Icon, type IconName } from "../../shared/ui/Icon";
import { Money } from "../../shared/ui/Money";
import s from "./Palette.module.css";

type Entry = {
  key: string;
  group: string;
  icon: IconName;
  label: string;
  detail?: string;
  keys?: string;
  money?: React.ReactNode;
  run: () => void;
};

export function Palette({ screen, close }: { screen: Screen; close: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const centre = useActionCentre();
  const offered = useOfferedActions(screen);
  const asked = useDeferredValue(text.trim());
  const { data: hits = [] } = useQuery({
    queryKey: ["search", asked],
    queryFn: () => ask(commands.search({ text: asked, limit: 12 })),
    enabled: asked.length > 1,
  });

  const recent = centre.recent();
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  const actionsFound: Entry[] = offered
    .filter(
      ({ possible, def }) =>
        possible && words.every((word) => `${def.label} ${def.place}`.toLowerCase().includes(word)),
    )
    .sort((a, b) => rank(recent.indexOf(a.id)) - rank(recent.indexOf(b.id)))
    .map(({ id, def }) => ({
      key: id,
      group: recent.includes(id) && !asked ? "Recent" : def.place,
      icon: "right",
      label: def.label,
      keys: def.keys[0],
      run: () => centre.run(id),
    }));
  const records: Entry[] = (asked.length > 1 ? hits : []).map((hit) => ({
    key: `hit-${hit.kind}-${hit.id}`,
    group: "Records",
    icon: "activity",
    label: hit.title,
    detail: `${hit.kind}, ${hit.detail}`,
    money: <Money value={hit.amount} withCurrency />,
    run: () => openTarget(hit.open),
  }));
  const entries = [...records, ...actionsFound];
  const chosen = entries[Math.min(at, entries.length - 1)];

  useEffect(() => {
    document.getElementById(`${listId}-${at}`)?.scrollIntoView?.({ block: "nearest" });
  }, [at, listId]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    // The dialog gives the focus back first; the action may want it elsewhere.
    setTimeout(entry.run, 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt((now) => Math.min(now + 1, entries.length - 1));
    else if (event.key === "ArrowUp") setAt((now) => Math.max(now - 1, 0));
    else if (event.key === "Enter") run(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <div className={s.palette} data-testid="palette">
      <input
        className={s.input}
        autoFocus
        value={text}
        placeholder="Search records or run a command"
        role="combobox"
        aria-label="Search records or run a command"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={chosen ? `${listId}-${Math.min(at, entries.length - 1)}` : undefined}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        data-testid="palette-input"
      />
      <div className={s.list} id={listId} role="listbox" aria-label="Results">
        {entries.map((entry, index) => (
          <div
            key={entry.key}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={entry === chosen}
            className={s.entry}
            onClick={() => run(entry)}
            onMouseMove={() => setAt(index)}
          >
            <Icon name={entry.icon} />
            <span className={s.label}>
              {entry.label} {entry.detail && <span className={c.faint}>{entry.detail}</span>}
            </span>
            {entry.money}
            <span className={s.group}>{entry.group}</span>
            <span className={s.keys}>{entry.keys && <KeyCaps keys={entry.keys} />}</span>
          </div>
        ))}
      </div>
      {entries.length === 0 && (
        <p className={s.none}>Nothing is called “{text}”. Try an order number, a name or an amount.</p>
      )}
    </div>
  );
}

const rank = (at: number): number => (at < 0 ? 100 : at);

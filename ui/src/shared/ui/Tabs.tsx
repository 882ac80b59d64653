/** The row of tabs under a screen's title, each with its count. */
import { useRef } from "react";
import s from "./Tabs.module.css";

type Tab<Id extends string> = { id: Id; label: string; count?: number };

type TabsProps<Id extends string> = {
  label: string;
  tabs: readonly Tab<Id>[];
  value: Id;
  onChange: (id: Id) => void;
  panel: string;
};

export function Tabs<Id extends string>({ label, tabs, value, onChange, panel }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (by: number) => {
    const at = tabs.findIndex(({ id }) => id === value);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div ref={list} className={s.tabs} role="tablist" aria-label={label}>
      {tabs.map(({ id, label: name, count }) => (
        <button
          key={id}
          type="button"
          role="tab"
          data-tab={id}
          data-testid={`tab-${id}`}
          aria-selected={id === value}
          aria-controls={panel}
          tabIndex={id === value ? 0 : -1}
          className={s.tab}
          onClick={() => onChange(id)}
          onKeyDown={(event) => {
            if (event.key === "ArrowRight") move(1);
            if (event.key === "ArrowLeft") move(-1);
          }}
        >
          {name}
          {count !== undefined && <span>{count.toLocaleString("en")}</span>}
        </button>
      ))}
    </div>
  );
}

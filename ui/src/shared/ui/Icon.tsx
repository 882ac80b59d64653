/** Line icons on a 16 px grid. They never carry meaning alone, so they are hidden from screen readers. */
import s from "./Icon.module.css";

const PATHS = {
  brand: "M2.5 4h11M2.5 8h11M2.5 12h4.5M9.5 12h4",
  today: "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
  match: "M2.5 3.5h4v9h-4zM9.5 3.5h4v9h-4zM6.5 8h3",
  warning: "M8 2.5l6 11H2zM8 6.8v3M8 11.6v.1",
  approvals: "M2.5 2.5h11v11h-11zM5.2 8.2l2 2 3.6-4",
  sync: "M13 6A5.2 5.2 0 0 0 3.6 5M3 10a5.2 5.2 0 0 0 9.4 1M3.4 2.6V5h2.4M12.6 13.4V11h-2.4",
  balance: "M8 2.5v11M4.5 13.5h7M2.5 4.5h11M4 4.5L2 9h4zM12 4.5L10 9h4z",
  activity: "M3.5 2.5h6l3 3v8h-9zM9.5 2.5v3h3M6 8.5h4M6 11h4",
  plug: "M6 2.5v3M10 2.5v3M4.5 5.5h7v2a3.5 3.5 0 0 1-7 0zM8 11v2.5",
  settings: "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.5v3M6 9.5v3",
  down: "M3.5 6l4.5 4.5L12.5 6",
  left: "M10 3.5L5.5 8l4.5 4.5",
  right: "M6 3.5L10.5 8 6 12.5",
  search: "M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4M10.2 10.2l3.3 3.3",
  help: "M6 6a2 2 0 1 1 2.8 1.9c-.5.3-.8.6-.8 1.3M8 11.8v.1",
  check: "M3 8.5l3.2 3.2L13 5",
  cross: "M4 4l8 8M12 4l-8 8",
  delta: "M8 2.5v11M5 5.5L2.5 8 5 10.5M11 5.5L13.5 8 11 10.5",
  undo: "M3 6.5h6.5a3.5 3.5 0 1 1 0 7H6M5.5 4L3 6.5 5.5 9",
  clock: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.2l2 1.3",
  offline: "M2.5 2.5l11 11M4.6 9.2a5 5 0 0 1 2.2-1.3M2.3 6.6A8.5 8.5 0 0 1 5 5M8 4a8.5 8.5 0 0 1 5.7 2.6M8 12.4v.1",
  dot: "M8 7.2v1.6",
  note: "M2.5 3.5h11v7h-6l-3 3v-3h-2z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, small }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? s.small : s.icon} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Where the window is: a screen, a period and perhaps a record, kept in the address so that a restart returns there. */
import { useSyncExternalStore } from "react";
import type { OpenTarget, Screen } from "./ipc";

export type Place = { screen: Screen; period: string | null; id: string | null; tab: string | null };

export const screens: readonly Screen[] = [
  "today",
  "match",
  "exceptions",
  "approvals",
  "tieOut",
  "sync",
  "activity",
  "connections",
  "settings",
];

const KEPT = "tieout.place";

function parse(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const params = new URLSearchParams(query);
  return {
    screen: screens.find((screen) => screen === path) ?? "today",
    period: params.get("period"),
    id: params.get("id"),
    tab: params.get("tab"),
  };
}

function write({ screen, period, id, tab }: Place): string {
  const params = new URLSearchParams();
  if (period) params.set("period", period);
  if (tab) params.set("tab", tab);
  if (id) params.set("id", id);
  const query = params.toString();
  return `#/${screen}${query ? `?${query}` : ""}`;
}

let text = "";
let place = parse("");

function current(): Place {
  if (location.hash !== text || text === "") {
    text = location.hash || localStorage.getItem(KEPT) || "#/today";
    place = parse(text);
    if (location.hash !== text) history.replaceState(null, "", text);
  }
  return place;
}

const listeners = new Set<() => void>();

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  addEventListener("hashchange", changed);
  return () => {
    listeners.delete(changed);
    removeEventListener("hashchange", changed);
  };
}

export const usePlace = (): Place => useSyncExternalStore(subscribe, current);

/** Goes somewhere. A new screen forgets the record and the tab of the old one; the period stays. */
export function go(next: Partial<Place>, replace = false): void {
  const now = current();
  const moved = next.screen !== undefined && next.screen !== now.screen;
  const target = write({ ...now, ...(moved ? { id: null, tab: null } : {}), ...next });
  if (target === location.hash) return;
  if (replace) history.replaceState(null, "", target);
  else history.pushState(null, "", target);
  localStorage.setItem(KEPT, target);
  for (const changed of listeners) changed();
}

export const goBack = (): void => history.back();

export const openTarget = ({ screen, id }: OpenTarget): void => go({ screen, id });

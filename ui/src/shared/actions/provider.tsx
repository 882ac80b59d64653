/** Listens to the keyboard and hands each registered action to whichever part of the window can do it now. */
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from "react";
import type { Screen } from "../ipc";
import { keyName, typingInto } from "./keys";
import { type ActionDef, type ActionId, actionFor, actionIds, actions } from "./registry";

/** A handler gets the key that asked for it, if a key did. Leaving an action out of the table means: not possible now. */
export type Handler = (key?: string) => void;
export type HandlerTable = Partial<Record<ActionId, Handler | undefined>>;

type ActionCentre = {
  /** Returns false when nobody can do it now. */
  run: (id: ActionId, key?: string) => boolean;
  can: (id: ActionId) => boolean;
  register: (table: { current: HandlerTable }) => () => void;
  /** Tells the menu and the palette that what is possible may have changed. */
  subscribe: (changed: () => void) => () => void;
  version: () => number;
  recent: () => ActionId[];
};

const ActionContext = createContext<ActionCentre | null>(null);

const REPEATABLE = new Set<string>(["Match", "Review"]);

export function ActionProvider({ screen, children }: { screen: Screen; children: ReactNode }) {
  const tables = useRef<{ current: HandlerTable }[]>([]);
  const listeners = useRef(new Set<() => void>());
  const version = useRef(0);
  const recent = useRef<ActionId[]>([]);
  const last = useRef<ActionId | null>(null);

  const handlerOf = useCallback((id: ActionId): Handler | undefined => {
    for (let at = tables.current.length - 1; at >= 0; at--) {
      const handler = tables.current[at]?.current[id];
      if (handler) return handler;
    }
    return undefined;
  }, []);

  const centre = useMemo<ActionCentre>(
    () => ({
      run: (id, key) => {
        if (id === "edit.repeat") {
          const again = last.current && handlerOf(last.current);
          again?.();
          return Boolean(again);
        }
        const handler = handlerOf(id);
        if (!handler) return false;
        if (REPEATABLE.has(actions[id].place)) last.current = id;
        recent.current = [id, ...recent.current.filter((one) => one !== id)].slice(0, 6);
        handler(key);
        return true;
      },
      can: (id) => id === "edit.repeat" || Boolean(handlerOf(id)),
      register: (table) => {
        tables.current.push(table);
        version.current++;
        for (const changed of listeners.current) changed();
        return () => {
          tables.current = tables.current.filter((one) => one !== table);
          version.current++;
          for (const changed of listeners.current) changed();
        };
      },
      subscribe: (changed) => {
        listeners.current.add(changed);
        return () => listeners.current.delete(changed);
      },
      version: () => version.current,
      recent: () => recent.current,
    }),
    [handlerOf],
  );

  const started = useRef<{ key: string; at: number } | null>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const name = keyName(event);
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d+$/.test(event.key);
      if (plain && typingInto(event.target)) return;
      // A dialog or menu owns the keyboard while it is open.
      if (event.target instanceof Element && event.target.closest("[role=dialog],[role=alertdialog],[role=menu]"))
        return;
      // A focused button keeps Enter and Space for itself.
      if (
        (name === "Enter" || name === "Space") &&
        event.target instanceof Element &&
        event.target.closest("button,a,[role=tab],summary,label,input")
      )
        return;
      const first = started.current;
      started.current = null;
      if (first && event.timeStamp - first.at < 1500) {
        const pair = actionFor(`${first.key} ${name}`, screen);
        if (pair && centre.run(pair, name)) {
          event.preventDefault();
          return;
        }
      }
      const id = actionFor(name, screen);
      if (id && centre.run(id, name)) {
        event.preventDefault();
        return;
      }
      if (plain && actionIds.some((one) => actions[one].keys.some((key) => key.startsWith(`${name} `)))) {
        started.current = { key: name, at: event.timeStamp };
      }
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [centre, screen]);

  return <ActionContext value={centre}>{children}</ActionContext>;
}

export function useActionCentre(): ActionCentre {
  const centre = use(ActionContext);
  if (!centre) throw new Error("useActionCentre needs an ActionProvider above it");
  return centre;
}

/** Offers handlers for as long as the component is on screen. The newest offer wins. */
export function useActions(table: HandlerTable): void {
  const centre = useActionCentre();
  const kept = useRef(table);
  useLayoutEffect(() => {
    kept.current = table;
  });
  useLayoutEffect(() => centre.register(kept), [centre]);
}

/** Actions that the menu and palette may offer on this screen, in the table's order. */
export function useOfferedActions(screen: Screen): { id: ActionId; def: ActionDef; possible: boolean }[] {
  const centre = useActionCentre();
  useSyncExternalStore(centre.subscribe, centre.version);
  return actionIds
    .map((id) => ({ id, def: actions[id] as ActionDef, possible: centre.can(id) }))
    .filter(({ def }) => !def.sheetOnly && (!def.screens || def.screens.includes(screen)));
}

/** How the window looks for this user: theme, density, zoom and number style, applied to the root element. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useMemo, useSyncExternalStore } from "react";
import { ask, commands, type Preferences, type ThemeChoice } from "../ipc";

export const defaultPreferences: Preferences = {
  theme: "system",
  density: "compact",
  zoom: 100,
  negative: "parentheses",
  zero: "dash",
};

const KEPT = "tieout.preferences";

/** The last known look, so that the first paint has it before the backend answers. */
function remembered(): Preferences {
  try {
    return { ...defaultPreferences, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Preferences>) };
  } catch {
    return defaultPreferences;
  }
}

const preferencesQuery = { queryKey: ["preferences"], queryFn: () => ask(commands.preferences()) } as const;

export const PreferencesContext = createContext<Preferences>(defaultPreferences);

export const usePreferences = (): Preferences => use(PreferencesContext);

export function useSavePreferences() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (next: Preferences) => ask(commands.savePreferences(next)),
    onMutate: (next) => client.setQueryData(preferencesQuery.queryKey, next),
    meta: { failureTitle: "The look was not saved" },
  });
}

const media = (query: string) => {
  const list = typeof matchMedia === "function" ? matchMedia(query) : undefined;
  return {
    subscribe: (changed: () => void) => {
      list?.addEventListener("change", changed);
      return () => list?.removeEventListener("change", changed);
    },
    matches: () => list?.matches ?? false,
  };
};

const dark = media("(prefers-color-scheme: dark)");
const contrast = media("(prefers-contrast: more)");

export function resolveTheme(choice: ThemeChoice, osDark: boolean, osContrast: boolean): string {
  if (choice === "hcDark") return "hc-dark";
  if (choice !== "system") return choice;
  if (osContrast) return osDark ? "hc-dark" : "hc";
  return osDark ? "dark" : "light";
}

/** The width the layout has to live with: the window's, as seen through the zoom. */
function widthClass(zoom: number): string {
  const width = (window.innerWidth * 100) / zoom;
  if (width <= 960) return "s";
  if (width <= 1360) return "m";
  if (width < 1700) return "l";
  return "xl";
}

function show(preferences: Preferences, osDark: boolean, osContrast: boolean): void {
  const root = document.documentElement;
  root.dataset.theme = resolveTheme(preferences.theme, osDark, osContrast);
  root.dataset.density = preferences.density;
  root.dataset.width = widthClass(preferences.zoom);
  root.style.fontSize = `${(16 * preferences.zoom) / 100}px`;
}

/** Before the first frame is drawn, so that it never changes its colours. */
export const showRememberedLook = (): void => show(remembered(), dark.matches(), contrast.matches());

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const { data } = useQuery(preferencesQuery);
  const preferences = useMemo(() => data ?? remembered(), [data]);
  const osDark = useSyncExternalStore(dark.subscribe, dark.matches);
  const osContrast = useSyncExternalStore(contrast.subscribe, contrast.matches);

  useEffect(() => {
    const apply = () => show(preferences, osDark, osContrast);
    apply();
    addEventListener("resize", apply);
    localStorage.setItem(KEPT, JSON.stringify(preferences));
    return () => removeEventListener("resize", apply);
  }, [preferences, osDark, osContrast]);

  return <PreferencesContext value={preferences}>{children}</PreferencesContext>;
}

/** Height of one grid row in pixels, as the tokens and the zoom make it. */
export function useRowHeight(): number {
  const { density, zoom } = usePreferences();
  return Math.round(((density === "compact" ? 28 : 36) * zoom) / 100);
}

/** The `?` sheet: every key of the table, by place. */
import { useQuery } from "@tanstack/react-query";
import { type ActionDef, actionIds, actions, places } from "../../shared/actions/registry";
import { dayAndTime } from "../../shared/format/dates";
import { ask, commands } from "../../shared/ipc";
import { Button, c, KeyCaps, ToneIcon } from "../../shared/ui/controls";
import d from "../../shared/ui/dialog.module.css";
import { EmptyState, ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import s from "./KeySheet.module.css";

const SCREEN_WORD: Record<string, string> = {
  match: "Match",
  exceptions: "Exceptions",
  approvals: "Approvals",
  activity: "Activity",
  settings: "Settings",
  tieOut: "Tie-out",
};

export function KeySheet({ close }: { close: () => void }) {
  return (
    <>
      <div className={d.inner} data-testid="key-sheet">
        <h2 className={d.title}>Keyboard</h2>
        <div className={s.keys}>
          {places.map((place) => (
            <section key={place}>
              <h3>{place}</h3>
              {actionIds
                .map((id) => ({ id, def: actions[id] as ActionDef }))
                .filter(({ def }) => def.place === place && def.keys.length > 0)
                .map(({ id, def }) => (
                  <p key={id}>
                    <span>
                      {def.label}
                      {def.screens?.length === 1 && (
                        <span className={c.faint}> {SCREEN_WORD[def.screens[0] ?? ""]}</span>
                      )}
                    </span>
                    <KeyCaps keys={def.keys.length > 2 ? "1–9" : (def.keys[0] ?? "")} />
                    <span className="vh">{def.keys.join(" or ")}</span>
                  </p>
                ))}
            </section>
          ))}
          <section>
            <h3>Grids</h3>
            {GRID_KEYS.map(([label, keys]) => (
              <p key={label}>
                <span>{label}</span>
                <KeyCaps keys={keys} />
              </p>
            ))}
          </section>
        </div>
      </div>
      <CloseFooter close={close} />
    </>
  );
}

const GRID_KEYS: [string, string][] = [
  ["Extend the selection", "Shift+↓"],
  ["First, last cell of the row", "Home"],
  ["First row", "Mod+Home"],
  ["Last row", "Mod+End"],
  ["A page up or down", "PageDown"],
  ["Select everything loaded", "Mod+A"],
  ["Close what is on top", "Esc"],
];

export function HistoryDialog({ close }: { close: () => void }) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["app", "history"],
    queryFn: () => ask(commands.history()),
  });
  return (
    <>
      <div className={d.inner}>
        <h2 className={d.title}>What was done here</h2>
        {isPending && <TableSkeleton rows={5} label="Loading the history" />}
        {error && <ErrorFace error={error} onRetry={() => void refetch()} />}
        {data?.length === 0 && (
          <EmptyState
            title="Nothing was done yet"
            hint="Matches, splits, notes and write-offs are listed here and can be undone in order."
          />
        )}
        <ol className={s.history}>
          {data?.map((entry) => (
            <li key={entry.id} data-undone={entry.undone || undefined}>
              <ToneIcon tone={entry.tone} />
              <span>{entry.message}</span>
              <span className={c.faint}>{entry.undone ? "undone" : entry.by}</span>
              <time className={c.faint}>{dayAndTime(entry.at)}</time>
            </li>
          ))}
        </ol>
      </div>
      <CloseFooter close={close} />
    </>
  );
}

function CloseFooter({ close }: { close: () => void }) {
  return (
    <footer className={d.footer}>
      <Button autoFocus onClick={close}>
        Close
      </Button>
    </footer>
  );
}

/** Settings: the mapping as one text, checked while it is written and shown as tables; rules, what was learned, look, files. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { useActions } from "../../shared/actions/provider";
import { dayAndTime } from "../../shared/format/dates";
import { usePreferences, useSavePreferences } from "../../shared/format/preferences";
import {
  ask,
  commands,
  type Preferences,
  type SaveSettingsRequest,
  type SettingsCheck,
  type SettingsTextView,
} from "../../shared/ipc";
import { go, usePlace } from "../../shared/nav";
import { ActionButton, Button, Chip, c, ToneIcon } from "../../shared/ui/controls";
import { openDialog } from "../../shared/ui/dialog";
import { ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Money } from "../../shared/ui/Money";
import sc from "../../shared/ui/screen.module.css";
import { Tabs } from "../../shared/ui/Tabs";
import { say } from "../../shared/ui/toast";
import { Backups } from "./Backups";
import { Imports } from "./Imports";
import { Learned } from "./Learned";
import { People } from "./People";
import { Rules } from "./Rules";
import { SaveDialog } from "./SaveDialog";
import s from "./Settings.module.css";

const TABS = ["mapping", "rules", "learned", "look", "imports", "backups", "people"] as const;

export function SettingsScreen() {
  const place = usePlace();
  const tab = TABS.find((one) => one === place.tab) ?? "mapping";
  const text = useQuery({ queryKey: ["settings", "text"], queryFn: () => ask(commands.settingsText()) });
  return (
    <div className={sc.screen} data-testid="screen-settings">
      <div className={sc.bar} data-pane>
        <h1>Settings</h1>
        <Tabs
          label="Settings"
          panel="settings-panel"
          value={tab}
          onChange={(next) => go({ tab: next })}
          tabs={[
            { id: "mapping", label: "Mapping and tolerances" },
            { id: "rules", label: "Rules" },
            { id: "learned", label: "Learned" },
            { id: "look", label: "Look" },
            { id: "imports", label: "Imported files" },
            { id: "backups", label: "Backups and help" },
            { id: "people", label: "People and review" },
          ]}
        />
      </div>
      <div id="settings-panel" role="tabpanel" aria-label={tab} style={{ display: "contents" }}>
        {tab === "mapping" && text.isPending && <TableSkeleton label="Loading the settings" />}
        {tab === "mapping" && text.error && <ErrorFace error={text.error} onRetry={() => void text.refetch()} />}
        {tab === "mapping" && text.data && <Editor key={text.data.revision} saved={text.data} />}
        {tab === "rules" && <Rules />}
        {tab === "learned" && <Learned />}
        {tab === "look" && <Look />}
        {tab === "imports" && <Imports />}
        {tab === "backups" && <Backups />}
        {tab === "people" && <People />}
      </div>
    </div>
  );
}

function Editor({ saved }: { saved: SettingsTextView }) {
  const client = useQueryClient();
  const [text, setText] = useState(saved.text);
  const area = useRef<HTMLTextAreaElement>(null);
  const asked = useDeferredValue(text);
  const [settled, setSettled] = useState(asked);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), 250);
    return () => clearTimeout(timer);
  }, [asked]);
  const check = useQuery({
    queryKey: ["settings", "check", settled],
    queryFn: () => ask(commands.checkSettings({ text: settled })),
    gcTime: 10_000,
  });
  const save = useMutation({
    mutationFn: (request: SaveSettingsRequest) => ask(commands.saveSettings(request)),
    onSuccess: (next) => {
      client.setQueryData(["settings", "text"], next);
      say("Settings saved");
    },
    meta: { failureTitle: "The settings were not saved" },
  });
  const changed = text !== saved.text;
  const ready = changed && settled === text && check.data?.valid === true;
  const askNote = () =>
    openDialog({
      label: "Save the settings",
      render: (close) => (
        <SaveDialog
          title="Save the settings?"
          hint="Proposals are prepared again with the new text; what was approved and changes goes back to approval."
          close={close}
          onConfirm={(note) => save.mutate({ text, revision: saved.revision, note })}
        />
      ),
    });
  useActions({ "settings.save": ready ? askNote : undefined });
  const goToLine = (line: number) => {
    const before = text.split("\n").slice(0, line - 1);
    const from = before.join("\n").length + (before.length > 0 ? 1 : 0);
    area.current?.focus();
    area.current?.setSelectionRange(from, from + (text.split("\n")[line - 1]?.length ?? 0));
  };
  return (
    <div className={s.editor}>
      <section className={s.text} aria-label="Settings as text" data-pane>
        <textarea
          ref={area}
          className={s.area}
          spellCheck={false}
          aria-label="Settings text"
          value={text}
          onChange={(event) => setText(event.target.value)}
          data-testid="settings-text"
        />
        <div className={s.saveBar}>
          <ActionButton action="settings.save" look="primary" disabled={!ready} data-testid="save-settings">
            Save…
          </ActionButton>
          <span className={c.help}>
            {changed ? "Not saved. " : ""}
            {saved.savedAt && `Saved ${dayAndTime(saved.savedAt)} by ${saved.savedBy ?? "unknown"}.`}
          </span>
        </div>
      </section>
      <section className={s.meaning} aria-label="What the text means" data-pane>
        {check.error && <ErrorFace error={check.error} onRetry={() => void check.refetch()} />}
        {check.data && <Meaning check={check.data} onLine={goToLine} />}
      </section>
    </div>
  );
}

function verdict({ valid, remarks }: SettingsCheck): string {
  if (!valid) return "The text cannot be saved yet";
  if (remarks.length === 0) return "The text is valid";
  return `The text is valid, with ${remarks.length === 1 ? "one remark" : `${remarks.length} remarks`}`;
}

function Meaning({ check, onLine }: { check: SettingsCheck; onLine: (line: number) => void }) {
  const tone = !check.valid ? "bad" : check.remarks.length > 0 ? "warn" : "ok";
  return (
    <>
      <div className={c.note} data-tone={tone} data-testid="settings-check" data-valid={check.valid}>
        <ToneIcon tone={tone} />
        <div>
          <b>{verdict(check)}</b>
          <ul>
            {check.remarks.map((remark) => (
              <li key={`${remark.line}:${remark.column}:${remark.message}`}>
                <button type="button" className={c.link} onClick={() => onLine(remark.line)}>
                  Line {remark.line}
                </button>{" "}
                {remark.message} <span className={c.muted}>{remark.remedy}</span>
              </li>
            ))}
          </ul>
        </div>
      </div>
      {check.tolerances.length > 0 && (
        <section className={c.panel}>
          <header>
            <h2>Tolerances and limits</h2>
          </header>
          <div className={c.panelBody}>
            <table className={c.table}>
              <tbody>
                {check.tolerances.map((tolerance) => (
                  <tr key={tolerance.label}>
                    <td>{tolerance.label}</td>
                    <td data-num>
                      {tolerance.amount && <Money value={tolerance.amount} withCurrency />}
                      {tolerance.amount && tolerance.text && " "}
                      {tolerance.text}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
      {check.tables.map((table) => (
        <section key={table.id} className={c.panel}>
          <header>
            <h2>{table.title}</h2>
          </header>
          <div className={c.panelBody}>
            <table className={c.table}>
              <thead>
                <tr>
                  {table.columns.map((column) => (
                    <th key={column}>{column}</th>
                  ))}
                  <th>Line</th>
                </tr>
              </thead>
              <tbody>
                {table.rows.map((row) => (
                  <tr key={row.line}>
                    {row.cells.map((cell, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: cells are told apart by their column
                      <td key={at}>
                        {cell || (row.missing ? <Chip tone="warn">missing</Chip> : <span className={c.faint}>–</span>)}
                      </td>
                    ))}
                    <td>
                      <button
                        type="button"
                        className={c.link}
                        title={row.missing ?? undefined}
                        onClick={() => onLine(row.line)}
                      >
                        {row.line}
                      </button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      ))}
    </>
  );
}

const LOOKS: { key: keyof Preferences; label: string; choices: [string, string][] }[] = [
  {
    key: "theme",
    label: "Theme",
    choices: [
      ["system", "Follow the system"],
      ["light", "Light"],
      ["dark", "Dark"],
      ["hc", "High contrast"],
      ["hcDark", "High contrast, dark"],
    ],
  },
  {
    key: "density",
    label: "Rows",
    choices: [
      ["compact", "Compact"],
      ["comfortable", "Comfortable"],
    ],
  },
  {
    key: "negative",
    label: "Negative amounts",
    choices: [
      ["parentheses", "(1,234.00)"],
      ["minus", "−1,234.00"],
    ],
  },
  {
    key: "zero",
    label: "Zero",
    choices: [
      ["dash", "–"],
      ["digits", "0.00"],
    ],
  },
];

function Look() {
  const preferences = usePreferences();
  const save = useSavePreferences();
  return (
    <div className={sc.page}>
      <div className={s.look} data-testid="look">
        {LOOKS.map(({ key, label, choices }) => (
          <fieldset key={key}>
            <legend>{label}</legend>
            {choices.map(([value, word]) => (
              <label key={value} className={c.row}>
                <input
                  type="radio"
                  name={key}
                  checked={preferences[key] === value}
                  onChange={() => save.mutate({ ...preferences, [key]: value })}
                  data-testid={`look-${key}-${value}`}
                />
                {word}
              </label>
            ))}
          </fieldset>
        ))}
        <fieldset>
          <legend>Text size</legend>
          <div className={c.row}>
            <Button
              small
              aria-label="Smaller text"
              onClick={() => save.mutate({ ...preferences, zoom: Math.max(50, preferences.zoom - 10) })}
            >
              −
            </Button>
            <span>{preferences.zoom} %</span>
            <Button
              small
              aria-label="Larger text"
              onClick={() => save.mutate({ ...preferences, zoom: Math.min(200, preferences.zoom + 10) })}
            >
              +
            </Button>
          </div>
        </fieldset>
      </div>
    </div>
  );
}

/** Settings, Rules: the accountant's own matching rules as one text, explained as it is written, tried before it is saved. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { useActions } from "../../shared/actions/provider";
import { dayAndTime, fullDate } from "../../shared/format/dates";
import {
  ask,
  commands,
  type RulesCheck,
  type RulesTextView,
  type RulesTrial,
  type SaveRulesRequest,
  type TrialList,
  type TrialRow,
} from "../../shared/ipc";
import { takeOffer } from "../../shared/ruleOffer";
import { ActionButton, Button, Chip, c, ToneIcon } from "../../shared/ui/controls";
import { openDialog } from "../../shared/ui/dialog";
import { ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Money, MoneyList } from "../../shared/ui/Money";
import { say } from "../../shared/ui/toast";
import { SaveDialog } from "./SaveDialog";
import s from "./Settings.module.css";

export function Rules() {
  const text = useQuery({ queryKey: ["settings", "rules"], queryFn: () => ask(commands.rulesText()) });
  if (text.isPending) return <TableSkeleton label="Loading the rules" />;
  if (text.error) return <ErrorFace error={text.error} onRetry={() => void text.refetch()} />;
  return <Editor key={text.data.revision} saved={text.data} />;
}

function Editor({ saved }: { saved: RulesTextView }) {
  const client = useQueryClient();
  const [offer] = useState(takeOffer);
  const [text, setText] = useState(() => (offer ? `${saved.text.trimEnd()}\n\n${offer}` : saved.text));
  const area = useRef<HTMLTextAreaElement>(null);
  const asked = useDeferredValue(text);
  const [settled, setSettled] = useState(asked);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), 250);
    return () => clearTimeout(timer);
  }, [asked]);
  const check = useQuery({
    queryKey: ["settings", "rules", "check", settled],
    queryFn: () => ask(commands.checkRules({ text: settled })),
    gcTime: 10_000,
  });
  const trial = useMutation({
    mutationFn: (tried: string) => ask(commands.tryRules({ text: tried })),
    meta: { failureTitle: "The rules could not be tried", touches: [] },
  });
  const save = useMutation({
    mutationFn: (request: SaveRulesRequest) => ask(commands.saveRules(request)),
    onSuccess: (next) => {
      client.setQueryData(["settings", "rules"], next);
      say("Rules saved; the next matching run goes by them");
    },
    meta: { failureTitle: "The rules were not saved" },
  });
  const tryNow = trial.mutate;
  // What another screen offered is tried at once; the text is shown beside what it would do.
  useEffect(() => {
    if (offer) tryNow(`${saved.text.trimEnd()}\n\n${offer}`);
  }, [offer, saved.text, tryNow]);
  const readable = settled === text && check.data !== undefined && check.data.remark === null;
  const ready = text !== saved.text && readable;
  const askNote = () =>
    openDialog({
      label: "Save the rules",
      render: (close) => (
        <SaveDialog
          title="Save the rules?"
          hint="The next matching run goes by them. What people matched, approved or took apart stays as it is."
          close={close}
          onConfirm={(note) => save.mutate({ text, revision: saved.revision, note })}
        />
      ),
    });
  useActions({ "settings.save": ready ? askNote : undefined });
  const goToLine = (line: number) => {
    const lines = text.split("\n");
    const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.current?.focus();
    area.current?.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  };
  const tried = trial.data && trial.variables === text ? trial.data : undefined;
  return (
    <div className={s.editor}>
      <section className={s.text} aria-label="Rules as text" data-pane>
        <textarea
          ref={area}
          className={s.area}
          spellCheck={false}
          aria-label="Rules text"
          value={text}
          onChange={(event) => setText(event.target.value)}
          data-testid="rules-text"
        />
        <div className={s.saveBar}>
          <Button
            look={tried ? "normal" : "primary"}
            disabled={!readable || trial.isPending}
            onClick={() => tryNow(text)}
            data-testid="try-rules"
          >
            {trial.isPending ? "Trying…" : "Try"}
          </Button>
          <ActionButton
            action="settings.save"
            look={tried ? "primary" : "normal"}
            disabled={!ready}
            data-testid="save-rules"
          >
            Save…
          </ActionButton>
          <span className={c.help}>
            {text !== saved.text ? "Not saved. " : ""}
            {saved.savedAt
              ? `Version ${saved.revision}, saved ${dayAndTime(saved.savedAt)} by ${saved.savedBy ?? "unknown"}.`
              : "No rules were saved yet: the built-in passes match alone."}
          </span>
        </div>
      </section>
      <section className={s.meaning} aria-label="What the rules mean and would do" data-pane>
        {check.error && <ErrorFace error={check.error} onRetry={() => void check.refetch()} />}
        {trial.isPending && <TableSkeleton rows={4} label="Trying the rules over all history" />}
        {tried && <Trial trial={tried} />}
        {check.data && <Order check={check.data} onLine={goToLine} />}
      </section>
    </div>
  );
}

/** The rules one after the other, each in a sentence; or what is wrong with the text. */
function Order({ check, onLine }: { check: RulesCheck; onLine: (line: number) => void }) {
  const { remark, rules } = check;
  if (remark) {
    return (
      <div className={c.note} data-tone="bad" data-testid="rules-check" data-valid={false}>
        <ToneIcon tone="bad" />
        <div>
          <b>The rules cannot be read yet</b>
          <p>
            <button type="button" className={c.link} onClick={() => onLine(remark.line)}>
              Line {remark.line}, column {remark.column}
            </button>{" "}
            {remark.message} <span className={c.muted}>{remark.remedy}</span>
          </p>
        </div>
      </div>
    );
  }
  return (
    <section className={c.panel} data-testid="rules-check" data-valid={true}>
      <header>
        <h2>In this order</h2>
        <span className={`${c.faint} ${c.smallText}`}>each over what the ones before it left open</span>
      </header>
      <ol className={s.order}>
        {rules.map((rule) => (
          <li key={rule.name}>
            <button type="button" className={c.link} onClick={() => onLine(rule.line)}>
              {rule.name}
            </button>{" "}
            <Chip tone={rule.tone}>{rule.does}</Chip>
            <p>{rule.means}</p>
            {rule.note && <p className={c.muted}>{rule.note}</p>}
          </li>
        ))}
        {rules.every(({ does }) => does !== "built in") && (
          <li>
            <span className={c.muted}>The passes Tieout comes with, last.</span>
          </li>
        )}
      </ol>
    </section>
  );
}

/** What the text would do: against decisions first, then gained, lost and found otherwise. */
function Trial({ trial }: { trial: RulesTrial }) {
  const nothing = trial.lists.every(({ count }) => count === 0);
  return (
    <div className={s.trial} data-testid="rules-trial">
      <div className={c.note} data-tone={trial.lists[0]?.count ? "bad" : "ok"} role="status">
        <ToneIcon tone={trial.lists[0]?.count ? "bad" : "ok"} />
        <div>
          <b>
            {nothing
              ? "Nothing would change"
              : trial.lists
                  .filter(({ count }) => count > 0)
                  .map(({ title, count }) => `${title}: ${count.toLocaleString("en")}`)
                  .join(" · ")}
          </b>
          <p>
            Tried over everything cached, against version {trial.againstVersion}. Nothing was written.{" "}
            {trial.foundAgain}. {trial.againstAlready}
          </p>
        </div>
      </div>
      {trial.lists
        .filter(({ count }) => count > 0)
        .map((list) => (
          <List key={list.id} list={list} />
        ))}
      {trial.rules.length > 0 && (
        <section className={c.panel}>
          <header>
            <h2>What each rule would do</h2>
          </header>
          <div className={c.panelBody}>
            <table className={c.table}>
              <thead>
                <tr>
                  <th>Rule</th>
                  <th data-num>Matched</th>
                  <th>Left open</th>
                </tr>
              </thead>
              <tbody>
                {trial.rules.map((rule) => (
                  <tr key={rule.name}>
                    <td>{rule.name}</td>
                    <td data-num>{rule.matched.toLocaleString("en")}</td>
                    <td data-wrap>{rule.detail || <span className={c.faint}>–</span>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </div>
  );
}

function List({ list }: { list: TrialList }) {
  return (
    <section className={c.panel} data-testid={`trial-${list.id}`}>
      <header>
        <ToneIcon tone={list.tone} />
        <h2>
          {list.title}: {list.count.toLocaleString("en")}
        </h2>
        <span className={c.grow} />
        <span className={c.smallText}>
          <MoneyList values={list.totals} />
        </span>
      </header>
      <div className={c.panelBody}>
        <table className={c.table}>
          <thead>
            <tr>
              <th>Record</th>
              <th>Date</th>
              <th data-num>Amount</th>
              <th data-num>Difference</th>
              <th>Cur</th>
              <th>By</th>
            </tr>
          </thead>
          <tbody>
            {list.rows.map((row) => (
              <Row key={row.id + row.detail} row={row} />
            ))}
          </tbody>
        </table>
        {list.count > list.rows.length && (
          <p className={c.help}>
            The largest {list.rows.length}; `tieout rules test` lists all {list.count.toLocaleString("en")}.
          </p>
        )}
      </div>
    </section>
  );
}

function Row({ row }: { row: TrialRow }) {
  return (
    <tr>
      <td data-wrap>
        {row.title}
        {row.detail && <p className={c.muted}>{row.detail}</p>}
      </td>
      <td>{row.on ? fullDate(row.on) : ""}</td>
      <td data-num>
        <Money value={row.amount} />
      </td>
      <td data-num>{row.variance ? <Money value={row.variance} /> : <span className={c.faint}>–</span>}</td>
      <td>{row.amount.currency}</td>
      <td data-wrap>{row.by}</td>
    </tr>
  );
}

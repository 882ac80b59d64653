/** Activity: every decision and posting, newest first, in a chain that can be verified. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useActions } from "../../shared/actions/provider";
import { dayAndTime } from "../../shared/format/dates";
import { DataGrid } from "../../shared/grid/DataGrid";
import { type AuditRowView, ask, commands } from "../../shared/ipc";
import { ActionButton, Button, Chip, c, ToneIcon } from "../../shared/ui/controls";
import { EmptyState } from "../../shared/ui/faces";
import sc from "../../shared/ui/screen.module.css";
import { say } from "../../shared/ui/toast";
import s from "./Activity.module.css";

export function ActivityScreen() {
  const [text, setText] = useState("");
  const [actor, setActor] = useState<string | null>(null);
  const [action, setAction] = useState<string | null>(null);
  const [row, setRow] = useState<AuditRowView | null>(null);
  const asked = useDeferredValue(text);
  const facets = useQuery({ queryKey: ["activity", "facets"], queryFn: () => ask(commands.activityFacets()) }).data;
  const verify = useMutation({
    mutationFn: () => ask(commands.verifyAudit()),
    meta: { failureTitle: "The chain could not be read", touches: [] },
  });
  const save = useMutation({
    mutationFn: async () => {
      const { path } = await ask(commands.pickFolder({ purpose: "export" }));
      return path ? ask(commands.exportAudit({ folder: path })) : null;
    },
    onSuccess: (done) => done && say(`${done.message}: ${done.path}`),
    meta: { failureTitle: "The trail was not exported", touches: ["activity"] },
  });
  useActions({ "review.verify": () => verify.mutate() });
  return (
    <div className={sc.screen} data-testid="screen-activity">
      <div className={sc.bar} data-pane>
        <h1>Activity</h1>
        <input
          className={c.input}
          type="search"
          placeholder="Search"
          aria-label="Search activity"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Choice label="Person" all="Everyone" values={facets?.actors ?? []} value={actor} onChange={setActor} />
        <Choice label="Action" all="Every action" values={facets?.actions ?? []} value={action} onChange={setAction} />
        <span className={sc.grow} />
        <Button disabled={save.isPending} onClick={() => save.mutate()} data-testid="export-audit">
          Export…
        </Button>
        <ActionButton action="review.verify" disabled={verify.isPending} data-testid="verify-audit">
          {verify.isPending ? "Verifying…" : "Verify chain"}
        </ActionButton>
      </div>
      {verify.data && (
        <div
          className={c.note}
          data-tone={verify.data.intact ? "ok" : "bad"}
          role="status"
          data-testid="audit-verdict"
          data-intact={verify.data.intact}
        >
          <ToneIcon tone={verify.data.intact ? "ok" : "bad"} />
          <div>
            <b>{verify.data.message}</b> Head <span className={c.mono}>{verify.data.head.slice(0, 16)}</span>
          </div>
        </div>
      )}
      <DataGrid<AuditRowView>
        label="Activity"
        queryKey={["activity", "rows", asked, actor, action]}
        fetchWindow={(offset, limit) => ask(commands.activity({ text: asked, actor, action, offset, limit }))}
        idOf={({ sequence }) => String(sequence)}
        onActive={setRow}
        testid="activity"
        empty={
          <EmptyState
            title="Nothing was recorded"
            hint={
              asked || actor || action
                ? "No row passes these conditions."
                : "Every read, match, approval and posting leaves a row here."
            }
          />
        }
        columns={[
          {
            id: "sequence",
            header: "#",
            width: "4rem",
            numeric: true,
            cell: (one) => one.sequence.toLocaleString("en"),
          },
          { id: "at", header: "When", width: "7.5rem", cell: (one) => dayAndTime(one.at) },
          { id: "actor", header: "Who", width: "8rem", cell: (one) => one.actor },
          { id: "action", header: "Action", width: "9rem", cell: (one) => <Chip tone={one.tone}>{one.action}</Chip> },
          {
            id: "subject",
            header: "Record",
            width: "minmax(8rem,14rem)",
            cell: (one) => one.subject,
            title: (one) => one.subject,
          },
          {
            id: "detail",
            header: "What",
            width: "minmax(10rem,1fr)",
            cell: (one) => <span className={c.muted}>{one.detail}</span>,
            title: (one) => one.detail,
          },
          {
            id: "hash",
            header: "Digest",
            width: "8.5rem",
            cell: (one) => <span className={c.mono}>{one.hash.slice(0, 12)}</span>,
            title: (one) => one.hash,
          },
        ]}
      />
      {row && (
        <p className={s.where} data-testid="activity-where">
          {[
            `${dayAndTime(row.at)} ${row.zone}`.trim(),
            row.rule && `rules ${row.rule}`,
            row.program && `Tieout ${row.program}`,
            row.reason && `why: ${row.reason}`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      )}
      {row && (row.before || row.after) && (
        <section className={s.change} aria-label="Before and after" data-pane>
          <div>
            <h2>Before</h2>
            <pre>{row.before || "–"}</pre>
          </div>
          <div>
            <h2>After</h2>
            <pre>{row.after || "–"}</pre>
          </div>
        </section>
      )}
    </div>
  );
}

type ChoiceProps = {
  label: string;
  all: string;
  values: string[];
  value: string | null;
  onChange: (value: string | null) => void;
};

function Choice({ label, all, values, value, onChange }: ChoiceProps) {
  return (
    <select
      className={c.select}
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value="">{all}</option>
      {values.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </select>
  );
}

/** Settlement and bank files: choose, look at the columns, import, and take an import back as a unit. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dayAndTime } from "../../shared/format/dates";
import { ask, type ColumnMapping, commands, type ImportFileRequest } from "../../shared/ipc";
import { Button, Chip, c } from "../../shared/ui/controls";
import { EmptyState, ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { MoneyList } from "../../shared/ui/Money";
import sc from "../../shared/ui/screen.module.css";
import { say } from "../../shared/ui/toast";
import s from "./Settings.module.css";

export function Imports() {
  const [path, setPath] = useState("");
  const [source, setSource] = useState("");
  const [mapping, setMapping] = useState<ColumnMapping[] | null>(null);
  const list = useQuery({ queryKey: ["settings", "imports"], queryFn: () => ask(commands.imports()) });
  const preview = useMutation({
    mutationFn: () => ask(commands.importPreview({ path, source })),
    onSuccess: (seen) => setMapping(seen.mapping),
    meta: { failureTitle: "The file could not be read", touches: [] },
  });
  const load = useMutation({
    mutationFn: (request: ImportFileRequest) => ask(commands.importFile(request)),
    onSuccess: () => {
      setMapping(null);
      say("Importing the file");
    },
    meta: { failureTitle: "Nothing was imported", touches: ["settings", "app"] },
  });
  const undo = useMutation({
    mutationFn: (id: string) => ask(commands.undoImport({ id })),
    onSuccess: ({ message }) => say(message),
    meta: { failureTitle: "The import was not taken back", touches: ["settings", "matching", "exceptions", "app"] },
  });
  const pick = () =>
    void ask(commands.pickFile({ purpose: "import" })).then(
      (picked) => picked.path && setPath(picked.path),
      () => undefined,
    );
  const complete = mapping?.every(({ required, column }) => !required || column !== null) ?? false;
  return (
    <div className={sc.page}>
      <div className={sc.pageInner}>
        <section className={c.panel} data-pane>
          <header>
            <h2>Import a settlement or bank file</h2>
            <span className={`${c.faint} ${c.smallText}`}>
              CSV; the columns are mapped once per source and remembered
            </span>
          </header>
          <div className={s.importForm}>
            <label className={c.field}>
              <span>File</span>
              <input
                className={c.input}
                value={path}
                onChange={(event) => setPath(event.target.value)}
                data-testid="import-path"
              />
            </label>
            <Button onClick={pick}>Choose…</Button>
            <label className={c.field}>
              <span>Source</span>
              <input
                className={c.input}
                value={source}
                placeholder="card gateway"
                onChange={(event) => setSource(event.target.value)}
                data-testid="import-source"
              />
            </label>
            <Button
              disabled={!path.trim() || !source.trim() || preview.isPending}
              onClick={() => preview.mutate()}
              data-testid="import-preview"
            >
              Look at it
            </Button>
          </div>
          {preview.data && mapping && (
            <div className={c.panelBody}>
              <p className={c.help}>
                {preview.data.rows.toLocaleString("en")} rows, {preview.data.known.toLocaleString("en")} already known.
              </p>
              <div className={s.mapping}>
                {mapping.map((one) => (
                  <label key={one.field} className={c.field}>
                    <span>
                      {one.field} {one.required && <span className={c.faint}>required</span>}
                    </span>
                    <select
                      className={c.select}
                      value={one.column ?? ""}
                      onChange={(event) =>
                        setMapping(
                          mapping.map((other) =>
                            other === one ? { ...one, column: event.target.value || null } : other,
                          ),
                        )
                      }
                    >
                      <option value="">not in the file</option>
                      {preview.data.columns.map((column) => (
                        <option key={column}>{column}</option>
                      ))}
                    </select>
                  </label>
                ))}
              </div>
              {preview.data.remarks.map((remark) => (
                <p key={`${remark.line}${remark.message}`} className={c.help}>
                  Row {remark.line}: {remark.message} {remark.remedy}
                </p>
              ))}
              <Button
                look="primary"
                disabled={!complete || load.isPending}
                onClick={() => load.mutate({ path, source, mapping })}
                data-testid="import-run"
              >
                Import {preview.data.rows.toLocaleString("en")} rows
              </Button>
            </div>
          )}
        </section>
        <section className={c.panel} data-pane>
          <header>
            <h2>Imported files</h2>
          </header>
          <div className={c.panelBody}>
            {list.isPending && <TableSkeleton rows={3} label="Loading imports" />}
            {list.error && <ErrorFace error={list.error} onRetry={() => void list.refetch()} />}
            {list.data?.length === 0 && (
              <EmptyState
                title="No file was imported yet"
                hint="Fees, payouts, chargebacks and bank receipts come from files."
              />
            )}
            {list.data && list.data.length > 0 && (
              <table className={c.table}>
                <thead>
                  <tr>
                    <th>File</th>
                    <th>Source</th>
                    <th>When</th>
                    <th data-num>Rows</th>
                    <th data-num>Refused</th>
                    <th data-num>Totals</th>
                    <th />
                  </tr>
                </thead>
                <tbody>
                  {list.data.map((one) => (
                    <tr key={one.id}>
                      <td title={one.file}>{one.file}</td>
                      <td>{one.source}</td>
                      <td>{dayAndTime(one.at)}</td>
                      <td data-num>{one.rows.toLocaleString("en")}</td>
                      <td data-num>{one.refused.toLocaleString("en")}</td>
                      <td data-num>
                        <MoneyList values={one.totals} />
                      </td>
                      <td>
                        {one.undone ? (
                          <Chip>taken back</Chip>
                        ) : (
                          <Button small onClick={() => undo.mutate(one.id)} aria-label={`Take back ${one.file}`}>
                            Take back
                          </Button>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </div>
        </section>
      </div>
    </div>
  );
}

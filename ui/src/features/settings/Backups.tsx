/** Backups: made by themselves once a day, on demand, and put back after what would be lost was shown. And the text for help. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { dayAndTime } from "../../shared/format/dates";
import { ask, type BackupView, commands, type RestoreView } from "../../shared/ipc";
import { Button, Chip, c, ToneIcon } from "../../shared/ui/controls";
import { DialogBody, openDialog } from "../../shared/ui/dialog";
import { EmptyState, ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import sc from "../../shared/ui/screen.module.css";
import { say } from "../../shared/ui/toast";
import licences from "./licences.txt?raw";
import s from "./Settings.module.css";

export function Backups() {
  const list = useQuery({ queryKey: ["app", "backups"], queryFn: () => ask(commands.backups()) });
  const [passphrase, setPassphrase] = useState("");
  const [chosen, setChosen] = useState<BackupView | null>(null);
  const make = useMutation({
    mutationFn: () => ask(commands.makeBackup({ passphrase })),
    onSuccess: ({ message }) => {
      setPassphrase("");
      say(message);
    },
    meta: { failureTitle: "No backup was made", touches: ["app", "activity"] },
  });
  return (
    <div className={sc.page}>
      <div className={sc.pageInner}>
        <section className={c.panel} data-pane>
          <header>
            <h2>Back up now</h2>
            <span className={`${c.faint} ${c.smallText}`}>
              one is made by itself once a day; each is opened and verified when it is made
            </span>
          </header>
          <div className={s.rowForm}>
            <label className={c.field}>
              <span>Passphrase, to encrypt it (age); empty for none</span>
              <input
                className={c.input}
                type="password"
                autoComplete="new-password"
                value={passphrase}
                onChange={(event) => setPassphrase(event.target.value)}
                data-testid="backup-passphrase"
              />
            </label>
            <Button onClick={() => make.mutate()} disabled={make.isPending} data-testid="make-backup">
              {make.isPending ? "Backing up…" : "Back up"}
            </Button>
          </div>
        </section>
        <section className={c.panel} data-pane>
          <header>
            <h2>Backups</h2>
          </header>
          <div className={c.panelBody}>
            {list.isPending && <TableSkeleton label="Looking for backups" />}
            {list.error && <ErrorFace error={list.error} onRetry={() => void list.refetch()} />}
            {list.data?.length === 0 && (
              <EmptyState
                title="There is no backup yet"
                hint="The first is made within a minute of opening the books."
              />
            )}
            {list.data && list.data.length > 0 && (
              <table className={c.table} data-testid="backups">
                <thead>
                  <tr>
                    <th>Made</th>
                    <th>Why</th>
                    <th data-num>Size</th>
                    <th>File</th>
                    <th>
                      <span className="vh">Action</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {list.data.map((one) => (
                    <tr key={one.path}>
                      <td>{dayAndTime(one.madeAt)}</td>
                      <td>
                        {one.why} {one.encrypted && <Chip>encrypted</Chip>}
                      </td>
                      <td data-num>{Math.ceil(one.kibibytes / 1024).toLocaleString("en")} MB</td>
                      <td className={c.mono} title={one.path}>
                        {one.name}
                      </td>
                      <td>
                        <Button
                          small
                          onClick={() => setChosen(one)}
                          aria-label={`Look at ${one.name}`}
                          data-testid="look-at-backup"
                        >
                          Restore…
                        </Button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </div>
        </section>
        {chosen && <Restore key={chosen.path} backup={chosen} onClose={() => setChosen(null)} />}
        <Support />
        <Licences />
      </div>
    </div>
  );
}

function Restore({ backup, onClose }: { backup: BackupView; onClose: () => void }) {
  const client = useQueryClient();
  const [passphrase, setPassphrase] = useState("");
  const look = useMutation({
    mutationFn: () => ask(commands.restorePreview({ path: backup.path, passphrase })),
    meta: { failureTitle: "The backup cannot be restored", touches: [] },
  });
  const restore = useMutation({
    mutationFn: (digest: string) => ask(commands.restoreBackup({ path: backup.path, passphrase, digest })),
    onSuccess: ({ message }) => {
      onClose();
      say(message);
    },
    onSettled: () => void client.invalidateQueries(),
    meta: { failureTitle: "Nothing was restored", touches: [] },
  });
  const confirm = (seen: RestoreView) =>
    openDialog({
      label: "Restore the backup",
      role: "alertdialog",
      render: (close) => (
        <DialogBody
          title={`Restore the backup of ${dayAndTime(backup.madeAt)}?`}
          confirm="Restore"
          danger
          close={close}
          onConfirm={() => restore.mutate(seen.digest)}
        >
          <p className={c.muted}>
            {seen.lost.toLocaleString("en")} later rows of the audit trail, and what they speak of, are put aside in the
            backups folder; nothing is deleted. Pull again afterwards. What was posted since is found in Intacct by its
            key and not posted twice.
          </p>
        </DialogBody>
      ),
    });
  const seen = look.data;
  return (
    <section className={c.panel} data-pane data-testid="restore">
      <header>
        <h2>Restore {dayAndTime(backup.madeAt)}</h2>
        <Button look="quiet" small onClick={onClose}>
          Close
        </Button>
      </header>
      <div className={s.rowForm}>
        {backup.encrypted && (
          <label className={c.field}>
            <span>Its passphrase</span>
            <input
              className={c.input}
              type="password"
              autoComplete="off"
              value={passphrase}
              onChange={(event) => setPassphrase(event.target.value)}
              data-testid="restore-passphrase"
            />
          </label>
        )}
        <Button onClick={() => look.mutate()} disabled={look.isPending} data-testid="restore-look">
          {look.isPending ? "Checking it in a copy…" : "Look at it"}
        </Button>
      </div>
      {seen && (
        <div className={c.panelBody} data-testid="restore-preview">
          <div className={c.note} data-tone={seen.sameBooks ? "ok" : "bad"} role="status">
            <ToneIcon tone={seen.sameBooks ? "ok" : "bad"} />
            <div>
              <b>
                {seen.sameBooks === true && "Whole and verified: these books, as they were."}
                {seen.sameBooks === false && "Whole, but OTHER books than these, or books that went another way."}
                {seen.sameBooks === null && "Whole and verified; today's books cannot be read to compare."}
              </b>{" "}
              {seen.rows.toLocaleString("en")} audit rows{seen.newest && `, the newest of ${dayAndTime(seen.newest)}`};{" "}
              {seen.records.toLocaleString("en")} records, {seen.postings.toLocaleString("en")} postings,{" "}
              {seen.decisions.toLocaleString("en")} decisions.
            </div>
          </div>
          <h3>What restoring it would undo: {seen.lost.toLocaleString("en")} rows</h3>
          {seen.lostRows.length > 0 && (
            <table className={c.table} data-testid="lost-rows">
              <thead>
                <tr>
                  <th data-num>#</th>
                  <th>When</th>
                  <th>Who</th>
                  <th>Action</th>
                  <th>Record</th>
                </tr>
              </thead>
              <tbody>
                {seen.lostRows.slice(0, 50).map((row) => (
                  <tr key={row.sequence}>
                    <td data-num>{row.sequence}</td>
                    <td>{dayAndTime(row.at)}</td>
                    <td>{row.actor}</td>
                    <td>{row.action}</td>
                    <td>{row.subject}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <Button look="danger" onClick={() => confirm(seen)} disabled={restore.isPending} data-testid="restore-now">
            {restore.isPending ? "Restoring…" : "Restore…"}
          </Button>
        </div>
      )}
    </section>
  );
}

function Licences() {
  return (
    <section className={c.panel} data-pane>
      <header>
        <h2>What Tieout is made of</h2>
        <span className={`${c.faint} ${c.smallText}`}>
          {licences.trim().split("\n").length.toLocaleString("en")} packages with their licences
        </span>
      </header>
      <pre className={s.support} tabIndex={0} aria-label="Packages and licences" data-testid="licences">
        {licences}
      </pre>
    </section>
  );
}

function Support() {
  const look = useMutation({
    mutationFn: () => ask(commands.supportPreview()),
    meta: { failureTitle: "The text could not be made", touches: [] },
  });
  const save = useMutation({
    mutationFn: async () => {
      const { path } = await ask(commands.pickFolder({ purpose: "export" }));
      return path ? ask(commands.saveSupport({ folder: path })) : null;
    },
    onSuccess: (done) => done && say(`${done.message}: ${done.path}`),
    meta: { failureTitle: "Nothing was saved", touches: ["activity"] },
  });
  return (
    <section className={c.panel} data-pane>
      <header>
        <h2>Text for whoever helps</h2>
        <span className={`${c.faint} ${c.smallText}`}>
          counts, versions and messages; no record, name, amount or secret. Nothing is sent from here
        </span>
      </header>
      <div className={s.rowForm}>
        <Button onClick={() => look.mutate()} disabled={look.isPending} data-testid="support-look">
          Show it
        </Button>
        <Button onClick={() => save.mutate()} disabled={!look.data || save.isPending} data-testid="support-save">
          Save…
        </Button>
      </div>
      {look.data && (
        <pre className={s.support} tabIndex={0} aria-label="Text for whoever helps" data-testid="support-text">
          {look.data.text}
        </pre>
      )}
    </section>
  );
}

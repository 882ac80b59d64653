/** People and their roles, keys that can sign, and bundles for a reviewer on another computer. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dayAndTime } from "../../shared/format/dates";
import { ask, commands, type IdentityView, type PeopleView } from "../../shared/ipc";
import { Button, Chip, c, ToneIcon } from "../../shared/ui/controls";
import { DialogBody, openDialog } from "../../shared/ui/dialog";
import { ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import sc from "../../shared/ui/screen.module.css";
import { say } from "../../shared/ui/toast";
import s from "./Settings.module.css";

export function People() {
  const people = useQuery({ queryKey: ["activity", "people"], queryFn: () => ask(commands.people()) });
  return (
    <div className={sc.page}>
      <div className={sc.pageInner}>
        {people.isPending && <TableSkeleton label="Reading the people" />}
        {people.error && <ErrorFace error={people.error} onRetry={() => void people.refetch()} />}
        {people.data && (
          <>
            <Roles people={people.data} />
            <Bundles people={people.data} />
            <Keys identities={people.data.identities} />
          </>
        )}
      </div>
    </div>
  );
}

function Roles({ people }: { people: PeopleView }) {
  return (
    <section className={c.panel} data-pane>
      <header>
        <h2>Roles</h2>
        <span className={`${c.faint} ${c.smallText}`}>{people.mode}; written under [control] in the settings text</span>
      </header>
      {people.people.length > 0 && (
        <div className={c.panelBody}>
          <table className={c.table} data-testid="people">
            <thead>
              <tr>
                <th>Name</th>
                <th>Roles</th>
                <th>Limits</th>
              </tr>
            </thead>
            <tbody>
              {people.people.map((one) => (
                <tr key={one.name}>
                  <td>{one.name}</td>
                  <td>{one.roles.join(", ")}</td>
                  <td>{one.limits || <span className={c.faint}>none</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Bundles({ people }: { people: PeopleView }) {
  const [path, setPath] = useState("");
  const hand = useMutation({
    mutationFn: async () => {
      const { path: folder } = await ask(commands.pickFolder({ purpose: "export" }));
      return folder ? ask(commands.handOutBundle({ ids: [], folder })) : null;
    },
    meta: { failureTitle: "No bundle was made", touches: ["activity"] },
  });
  const take = useMutation({
    mutationFn: () => ask(commands.takeAnswer({ path: path.trim() })),
    onSuccess: () => setPath(""),
    meta: { failureTitle: "The answer was refused", touches: ["approvals", "activity", "app", "today"] },
  });
  return (
    <section className={c.panel} data-pane data-testid="bundles">
      <header>
        <h2>Reviewer on another computer</h2>
        <span className={`${c.faint} ${c.smallText}`}>
          they sign the file with their own key: tieout bundle sign FILE --key KEY --out ANSWER
        </span>
      </header>
      <div className={s.rowForm}>
        <Button onClick={() => hand.mutate()} disabled={people.waiting === 0 || hand.isPending} data-testid="hand-out">
          Hand out {people.waiting.toLocaleString("en")} waiting…
        </Button>
        <label className={c.field}>
          <span>Answer that came back</span>
          <input
            className={c.input}
            value={path}
            placeholder="/path/to/answer.json"
            onChange={(event) => setPath(event.target.value)}
            data-testid="answer-path"
          />
        </label>
        <Button onClick={() => take.mutate()} disabled={!path.trim() || take.isPending} data-testid="take-answer">
          Take it
        </Button>
      </div>
      {hand.data && (
        <div className={c.note} data-tone="ok" role="status" data-testid="handed-out">
          <ToneIcon tone="ok" />
          <div>
            <b>{hand.data.message}</b> in <span className={c.mono}>{hand.data.path}</span>, sha256{" "}
            <span className={c.mono}>{hand.data.sha256.slice(0, 16)}</span>
          </div>
        </div>
      )}
      {take.data && (
        <div
          className={c.note}
          data-tone={take.data.left.length + take.data.rejected.length > 0 ? "warn" : "ok"}
          role="status"
          data-testid="answer-taken"
        >
          <ToneIcon tone={take.data.left.length + take.data.rejected.length > 0 ? "warn" : "ok"} />
          <div>
            <b>{take.data.message}</b>
            <ul>
              {take.data.rejected.map((id) => (
                <li key={id}>{id}: rejected by the reviewer</li>
              ))}
              {take.data.left.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {people.bundles.length > 0 && (
        <div className={c.panelBody}>
          <table className={c.table} data-testid="bundle-list">
            <thead>
              <tr>
                <th>Handed out</th>
                <th>By</th>
                <th>Answer</th>
                <th>Number</th>
              </tr>
            </thead>
            <tbody>
              {people.bundles.map((one) => (
                <tr key={one.nonce}>
                  <td>{dayAndTime(one.at)}</td>
                  <td>{one.by}</td>
                  <td>
                    {one.answeredAt ? (
                      <>
                        <Chip tone="ok" icon="check">
                          {one.answeredBy}
                        </Chip>{" "}
                        {dayAndTime(one.answeredAt)}
                      </>
                    ) : (
                      <Chip>waits</Chip>
                    )}
                  </td>
                  <td className={c.mono}>{one.nonce.slice(0, 12)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Keys({ identities }: { identities: IdentityView[] }) {
  const [name, setName] = useState("");
  const [key, setKey] = useState("");
  const trust = useMutation({
    mutationFn: () => ask(commands.trustIdentity({ name: name.trim(), key: key.trim() })),
    onSuccess: ({ message }) => {
      setName("");
      setKey("");
      say(message);
    },
    meta: { failureTitle: "The key is not trusted", touches: ["activity"] },
  });
  const revoke = useMutation({
    mutationFn: (request: { id: string; reason: string }) => ask(commands.revokeIdentity(request)),
    onSuccess: ({ message }) => say(message),
    meta: { failureTitle: "The key was not revoked", touches: ["activity"] },
  });
  const askWhy = (one: IdentityView) =>
    openDialog({
      label: `Revoke the key of ${one.name}`,
      render: (close) => (
        <RevokeDialog close={close} name={one.name} onConfirm={(reason) => revoke.mutate({ id: one.id, reason })} />
      ),
    });
  return (
    <section className={c.panel} data-pane>
      <header>
        <h2>Keys that can sign</h2>
        <span className={`${c.faint} ${c.smallText}`}>each person makes their own: tieout identity new</span>
      </header>
      <div className={s.rowForm}>
        <label className={c.field}>
          <span>Name</span>
          <input
            className={c.input}
            value={name}
            onChange={(event) => setName(event.target.value)}
            data-testid="key-name"
          />
        </label>
        <label className={c.field}>
          <span>Public key</span>
          <input
            className={c.input}
            value={key}
            onChange={(event) => setKey(event.target.value)}
            data-testid="key-hex"
          />
        </label>
        <Button
          onClick={() => trust.mutate()}
          disabled={!name.trim() || !key.trim() || trust.isPending}
          data-testid="trust-key"
        >
          Trust
        </Button>
      </div>
      {identities.length > 0 && (
        <div className={c.panelBody}>
          <table className={c.table} data-testid="keys">
            <thead>
              <tr>
                <th>Name</th>
                <th>Key</th>
                <th>Since</th>
                <th>
                  <span className="vh">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {identities.map((one) => (
                <tr key={one.id}>
                  <td>{one.name}</td>
                  <td className={c.mono}>{one.id}</td>
                  <td>{dayAndTime(one.since)}</td>
                  <td>
                    {one.revokedAt ? (
                      <Chip tone="bad" icon="cross">
                        revoked {dayAndTime(one.revokedAt)}
                      </Chip>
                    ) : (
                      <Button small onClick={() => askWhy(one)} aria-label={`Revoke the key of ${one.name}`}>
                        Revoke…
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function RevokeDialog({
  close,
  name,
  onConfirm,
}: {
  close: () => void;
  name: string;
  onConfirm: (reason: string) => void;
}) {
  const [reason, setReason] = useState("");
  return (
    <DialogBody
      title={`Revoke the key of ${name}?`}
      confirm="Revoke"
      danger
      disabled={!reason.trim()}
      close={close}
      onConfirm={() => onConfirm(reason.trim())}
    >
      <p className={c.muted}>Nothing it signs is taken from then on. What it signed before stands.</p>
      <label className={c.field}>
        <span>Why, kept in the audit trail</span>
        <input
          className={c.input}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          data-testid="reason"
        />
      </label>
    </DialogBody>
  );
}

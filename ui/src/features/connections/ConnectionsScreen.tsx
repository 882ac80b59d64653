/** Connections: where the store and the books are; each part is tested on its own and the failing one is named. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import {
  ask,
  type ConnectionPart,
  type ConnectionsView,
  commands,
  type SaveConnectionsRequest,
  type SecretName,
  type SecretStoreView,
  type SystemId,
} from "../../shared/ipc";
import { ActionButton, Button, Chip, c } from "../../shared/ui/controls";
import { ErrorFace, ProblemBanner, TableSkeleton } from "../../shared/ui/faces";
import sc from "../../shared/ui/screen.module.css";
import { say } from "../../shared/ui/toast";
import s from "./Connections.module.css";
import { Departures } from "./Departures";
import { connections, isKept } from "./queries";
import { Vault } from "./Vault";

export function ConnectionsScreen() {
  const { data, error, isPending, refetch } = useQuery(connections);
  return (
    <div className={sc.screen} data-testid="screen-connections">
      <div className={sc.page}>
        <div className={sc.pageInner}>
          <div className={c.row}>
            <h1>Connections</h1>
            <span className={c.muted}>Each part is tested on its own; the one that does not work is named.</span>
            <span className={c.grow} />
            <ActionButton action="file.demo" />
          </div>
          {isPending && <TableSkeleton label="Loading connections" />}
          {error && <ErrorFace error={error} onRetry={() => void refetch()} />}
          {data && <Form view={data} />}
        </div>
      </div>
    </div>
  );
}

const draftOf = ({ environment, xcart, intacct }: ConnectionsView): SaveConnectionsRequest => ({
  environment,
  xcartUrl: xcart.url,
  xcartDialect: xcart.dialect,
  storeZone: xcart.storeZone,
  intacctUrl: intacct.url,
  intacctCompany: intacct.company,
  intacctEntity: intacct.entity,
  intacctUser: intacct.user,
  intacctSender: intacct.sender,
  entityZone: intacct.entityZone,
});

type TextField =
  | "xcartUrl"
  | "storeZone"
  | "intacctUrl"
  | "intacctCompany"
  | "intacctEntity"
  | "intacctUser"
  | "intacctSender"
  | "entityZone";

function Form({ view }: { view: ConnectionsView }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(view));
  const save = useMutation({
    mutationFn: (request: SaveConnectionsRequest) => ask(commands.saveConnections(request)),
    onSuccess: (next) => {
      client.setQueryData(connections.queryKey, next);
      say("Connections saved");
    },
    meta: { failureTitle: "The connections were not saved" },
  });
  const set = (change: Partial<SaveConnectionsRequest>) => setDraft((now) => ({ ...now, ...change }));
  const field = (name: TextField, label: string, hint?: string) => (
    <label className={c.field}>
      <span>{label}</span>
      <input
        className={c.input}
        value={draft[name]}
        placeholder={hint}
        onChange={(event) => set({ [name]: event.target.value })}
        data-testid={`field-${name}`}
      />
    </label>
  );
  return (
    <>
      {view.demo && (
        <div className={c.note}>
          <div>The demo company is open. It cannot reach any real host; saving a connection leaves it.</div>
        </div>
      )}
      <fieldset className={s.environment}>
        <legend className="vh">Environment</legend>
        <b aria-hidden="true">Environment</b>
        {(["sandbox", "production"] as const).map((one) => (
          <label key={one} className={c.row}>
            <input
              type="radio"
              name="environment"
              checked={draft.environment === one}
              onChange={() => set({ environment: one })}
            />
            {one === "sandbox"
              ? "Sandbox: plain http on this machine is accepted"
              : "Production: https and an Intacct host only"}
          </label>
        ))}
      </fieldset>
      {!view.demo && <Vault store={view.secretStore} />}
      <div className={s.systems}>
        <System id="xcart" title="X-Cart" parts={view.xcart.parts}>
          {field("xcartUrl", "Store address", "https://shop.example")}
          <label className={c.field}>
            <span>Programming interface</span>
            <select
              className={c.select}
              value={draft.xcartDialect}
              onChange={(event) => set({ xcartDialect: event.target.value as SaveConnectionsRequest["xcartDialect"] })}
            >
              <option value="auto">Find out</option>
              <option value="adminApi">Admin API (5.5, 5.6)</option>
              <option value="restAddon">REST add-on (5.0 to 5.4)</option>
            </select>
          </label>
          {field("storeZone", "Time zone of the store", "Europe/Berlin")}
          <Secret name="xcartKey" label="API key" store={view.secretStore} />
        </System>
        <System id="intacct" title="Sage Intacct" parts={view.intacct.parts}>
          {field("intacctUrl", "Gateway address")}
          <div className={s.pair}>
            {field("intacctCompany", "Company")}
            {field("intacctEntity", "Entity", "top level")}
          </div>
          <div className={s.pair}>
            {field("intacctUser", "Web services user")}
            <Secret name="intacctPassword" label="User password" store={view.secretStore} />
          </div>
          <div className={s.pair}>
            {field("intacctSender", "Sender")}
            <Secret name="intacctSenderPassword" label="Sender password" store={view.secretStore} />
          </div>
          {field("entityZone", "Time zone of the entity", "America/New_York")}
        </System>
      </div>
      {view.departures.length > 0 && <Departures rows={view.departures} />}
      <div className={c.row}>
        <Button
          look="primary"
          disabled={save.isPending}
          onClick={() => save.mutate(draft)}
          data-testid="save-connections"
        >
          Save connections
        </Button>
        <span className={c.help}>
          Secrets are kept in{" "}
          {
            {
              keychain: "the system's keychain",
              vaultFile: "an encrypted vault file",
              unavailable: "memory only",
            }[view.secretStore.kind]
          }
          . {view.secretStore.detail}
        </span>
      </div>
    </>
  );
}

function System({
  id,
  title,
  parts,
  children,
}: {
  id: SystemId;
  title: string;
  parts: ConnectionPart[];
  children: ReactNode;
}) {
  const test = useMutation({
    mutationFn: () => ask(commands.testConnection({ system: id })),
    meta: { failureTitle: `${title} was not tested`, touches: ["connections"] },
  });
  const shown = test.data?.parts ?? parts;
  const failed = shown.find(({ state }) => state === "failed");
  return (
    <section className={`${c.panel} ${s.system}`} aria-label={title} data-pane>
      <header>
        <h2>{title}</h2>
        <span className={c.grow} />
        <Button small disabled={test.isPending} onClick={() => test.mutate()} data-testid={`test-${id}`}>
          {test.isPending ? "Testing…" : "Test each part"}
        </Button>
      </header>
      <div className={s.fields}>{children}</div>
      <ul className={s.parts} data-testid={`parts-${id}`}>
        {shown.map((part) => (
          <li key={part.id} data-state={part.state}>
            <Chip
              tone={
                { passed: "ok", failed: "bad", blocked: "plain", untested: "plain" }[part.state] as
                  | "ok"
                  | "bad"
                  | "plain"
              }
            >
              {part.state}
            </Chip>
            <span>{part.label}</span>
            <span className={c.muted}>{part.detail}</span>
          </li>
        ))}
      </ul>
      {failed?.problem && <ProblemBanner problem={failed.problem} />}
    </section>
  );
}

function Secret({ name, label, store }: { name: SecretName; label: string; store: SecretStoreView }) {
  const [value, setValue] = useState("");
  const known = store.stored.includes(name);
  const save = useMutation({
    mutationFn: () => ask(commands.saveSecret({ name, value })),
    onSuccess: (answer) => {
      setValue("");
      say(isKept(answer) ? `${label} stored` : `${label} is known until Tieout closes`);
    },
    meta: { failureTitle: `${label} was not stored`, touches: ["connections"] },
  });
  return (
    <div className={c.field}>
      <label htmlFor={`secret-${name}`}>
        {label} {known && <Chip tone="ok">{isKept(store) ? "stored" : "in memory"}</Chip>}
      </label>
      <div className={s.secret}>
        <input
          id={`secret-${name}`}
          type="password"
          autoComplete="off"
          className={c.input}
          value={value}
          placeholder={known ? "replace" : ""}
          onChange={(event) => setValue(event.target.value)}
          data-testid={`secret-${name}`}
        />
        <Button small disabled={!value || save.isPending} onClick={() => save.mutate()} aria-label={`Store ${label}`}>
          Store
        </Button>
      </div>
    </div>
  );
}

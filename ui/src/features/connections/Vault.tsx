/** The passphrase of the vault file: it opens the file, or makes it where there is no keychain. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type AppStateView, ask, commands, type SecretStoreView } from "../../shared/ipc";
import { Button, c } from "../../shared/ui/controls";
import { openDialog } from "../../shared/ui/dialog";
import d from "../../shared/ui/dialog.module.css";
import { say } from "../../shared/ui/toast";
import s from "./Connections.module.css";
import { connections, keeping } from "./queries";

/** Nothing to show where the keychain keeps the secrets, or the file is open. */
export function Vault({ store }: { store: SecretStoreView }) {
  const where = keeping(store);
  if (where === "memory")
    return (
      <section className={c.note} data-tone="warn" aria-label="Vault file" data-testid="vault">
        <div>
          <p>Nothing keeps the secrets yet. {store.detail}</p>
          <Passphrase isNew />
        </div>
      </section>
    );
  if (where === "lockedVault")
    return (
      <section className={c.note} data-tone="warn" aria-label="Vault file" data-testid="vault">
        <div>
          <p>The vault file with the secrets is locked. {store.detail}</p>
          <Passphrase />
        </div>
      </section>
    );
  return null;
}

/** A new passphrase is typed twice: nobody can open the file with a slip of the finger. */
function Passphrase({ isNew, onDone }: { isNew?: boolean; onDone?: () => void }) {
  const [typed, setTyped] = useState("");
  const [again, setAgain] = useState("");
  const save = useMutation({
    mutationFn: () => ask(commands.saveSecret({ name: "vaultPassphrase", value: typed })),
    onSuccess: () => {
      say(isNew ? "The secrets are kept in the vault file" : "The vault file is open");
      onDone?.();
    },
    onSettled: () => {
      setTyped("");
      setAgain("");
    },
    meta: {
      failureTitle: isNew ? "The vault file was not made" : "The vault file stays locked",
      touches: ["connections", "app"],
    },
  });
  const ready = typed !== "" && (!isNew || typed === again) && !save.isPending;
  return (
    <form
      className={s.passphrase}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) save.mutate();
      }}
    >
      <Field
        label={isNew ? "New passphrase" : "Passphrase"}
        value={typed}
        onChange={setTyped}
        testId="vault-passphrase"
      />
      {isNew && <Field label="The same again" value={again} onChange={setAgain} testId="vault-again" />}
      <button type="submit" className={c.primary} disabled={!ready} data-testid="vault-open">
        {save.isPending ? "Working…" : isNew ? "Keep in a vault file" : "Unlock"}
      </button>
      {isNew && again !== "" && typed !== again && <span className={c.help}>The two differ.</span>}
    </form>
  );
}

type FieldProps = { label: string; value: string; onChange: (value: string) => void; testId: string };

function Field({ label, value, onChange, testId }: FieldProps) {
  return (
    <label className={c.field}>
      <span>{label}</span>
      <input
        type="password"
        autoComplete="off"
        className={c.input}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        data-testid={testId}
      />
    </label>
  );
}

/** Asks for the passphrase once, at the start, where a company's vault file is locked. */
export function useUnlockAtStart(app: AppStateView | undefined): void {
  const asked = useRef(false);
  const ofCompany = app !== undefined && app.environment !== "demo" && !app.needsConnection;
  const { data: view } = useQuery({ ...connections, enabled: ofCompany && !asked.current });
  useEffect(() => {
    if (!view || asked.current) return;
    asked.current = true;
    if (view.demo || keeping(view.secretStore) !== "lockedVault") return;
    openDialog({ label: "Unlock the vault file", render: (close) => <Unlock close={close} /> });
  }, [view]);
}

function Unlock({ close }: { close: () => void }) {
  return (
    <>
      <div className={d.inner}>
        <h2 className={d.title}>Unlock the vault file</h2>
        <p>The secrets of X-Cart and Intacct are in it. Without them nothing is read or posted; you can do it later.</p>
        <Passphrase onDone={close} />
      </div>
      <footer className={d.footer}>
        <Button onClick={close}>Later</Button>
      </footer>
    </>
  );
}

import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { makeBackend } from "../src/mock/backend";
import type { ConnectionsView, SaveSecretRequest, SecretStoreView } from "../src/shared/ipc";
import { openScreen } from "./app";

const PASSPHRASE = "correct horse";

/** A company of one's own whose secrets are kept in `store`; the right passphrase opens or makes the vault file. */
function company(store: SecretStoreView) {
  let now = store;
  const saved: SaveSecretRequest[] = [];
  const view = makeBackend({}).connections?.(undefined as never) as ConnectionsView;
  return {
    saved,
    handlers: {
      connections: () => ({ ...view, demo: false, secretStore: now }),
      save_secret: (request: SaveSecretRequest) => {
        saved.push(request);
        now = { kind: "vaultFile", detail: "", stored: ["xcartKey", "vaultPassphrase"] };
        return now;
      },
    },
  };
}

it("a locked vault file asks for its passphrase at the start, wherever the window opens", async () => {
  const user = userEvent.setup();
  const { handlers, saved } = company({ kind: "vaultFile", detail: "secrets.age is locked.", stored: [] });
  await openScreen("match", { handlers });
  await user.type(await screen.findByTestId("vault-passphrase"), PASSPHRASE);
  await user.click(screen.getByTestId("vault-open"));
  expect(await screen.findByText("The vault file is open")).toBeTruthy();
  expect(saved).toEqual([{ name: "vaultPassphrase", value: PASSPHRASE }]);
  expect(screen.queryByTestId("dialog")).toBeNull();
});

it("without a keychain a new passphrase is typed twice before a vault file is made", async () => {
  const user = userEvent.setup();
  const { handlers, saved } = company({ kind: "unavailable", detail: "No keychain answers.", stored: ["xcartKey"] });
  await openScreen("connections", { handlers });
  expect((await screen.findByTestId("vault")).textContent).toContain("No keychain answers.");
  await user.type(screen.getByTestId("vault-passphrase"), PASSPHRASE);
  await user.type(screen.getByTestId("vault-again"), "correct house");
  const make = screen.getByTestId("vault-open") as HTMLButtonElement;
  expect(make.disabled).toBe(true);
  await user.clear(screen.getByTestId("vault-again"));
  await user.type(screen.getByTestId("vault-again"), PASSPHRASE);
  await user.click(make);
  await waitFor(() => expect(screen.queryByTestId("vault")).toBeNull());
  expect(saved).toHaveLength(1);
});

it("with a keychain nobody is asked for a passphrase", async () => {
  const { handlers } = company({ kind: "keychain", detail: "", stored: ["xcartKey"] });
  await openScreen("connections", { handlers });
  await screen.findByText(/the system's keychain/);
  expect(screen.queryByTestId("vault")).toBeNull();
  expect(screen.queryByTestId("dialog")).toBeNull();
});

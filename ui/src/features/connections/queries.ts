/** What the connections are, and what is told about the secrets. */
import { ask, commands, type SecretStoreView } from "../../shared/ipc";

export const connections = { queryKey: ["connections"], queryFn: () => ask(commands.connections()) } as const;

/** Where a secret that is stored now goes. `memory` until Tieout closes: nothing keeps it. */
export type Keeping = "keychain" | "openVault" | "lockedVault" | "memory";

export function keeping({ kind, stored }: SecretStoreView): Keeping {
  if (kind === "keychain") return "keychain";
  if (kind === "unavailable") return "memory";
  return stored.includes("vaultPassphrase") ? "openVault" : "lockedVault";
}

/** It is there again at the next start. */
export const isKept = (store: SecretStoreView): boolean => ["keychain", "openVault"].includes(keeping(store));

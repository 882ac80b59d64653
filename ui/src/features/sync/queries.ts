/** How the flows stand, what waits, and one letter. */
import { queryOptions } from "@tanstack/react-query";
import { ask, commands } from "../../shared/ipc";

export const syncBoard = queryOptions({ queryKey: ["sync", "board"], queryFn: () => ask(commands.syncBoard()) });

export const letterDetail = (id: string) =>
  queryOptions({ queryKey: ["sync", "letter", id], queryFn: () => ask(commands.letter({ id })) });

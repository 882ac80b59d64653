/** Starts the pretend backend for a browser. `?rows=1000000`, `?empty`, `?slow` and `?fail=match_rows` show the other faces. */
import { installMock } from "../shared/ipc/mock";
import { makeBackend, problem } from "./backend";

export function startMock(): void {
  const wishes = new URLSearchParams(location.search);
  const handlers = makeBackend({ openRows: Number(wishes.get("rows") ?? 58), empty: wishes.has("empty") });
  const failing = wishes.get("fail");
  if (failing) {
    handlers[failing] = () => {
      throw problem("TO-1204", "The local data could not be read.", "Close other copies of Tieout, then try again.");
    };
  }
  const theme = wishes.get("theme");
  if (theme) {
    const look = handlers.preferences as unknown as () => object;
    handlers.preferences = () => ({ ...look(), theme });
  }
  installMock(handlers, () => (wishes.has("slow") ? 60_000 : 0));
}

/** The period the whole window looks at: the one in the address, else the one the backend starts on. */
import { useQuery } from "@tanstack/react-query";
import { usePlace } from "./nav";
import { appState } from "./query";

export function usePeriod(): string | null {
  const place = usePlace();
  const { data } = useQuery(appState);
  return place.period ?? data?.currentPeriod ?? null;
}

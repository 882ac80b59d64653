/** Made-up amounts for the made-up company, in whole cents so that totals foot. Only the mock counts money in the window. */
import type { AmountView } from "../shared/ipc";

export function amount(cents: number, currency = "USD"): AmountView {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return { amount: `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`, currency };
}

export const centsOf = ({ amount: text }: AmountView): number => Number(text.replace(".", ""));

/** One total per currency, USD first. */
export function totalsOf(values: AmountView[]): AmountView[] {
  const sums = new Map<string, number>();
  for (const value of values) sums.set(value.currency, (sums.get(value.currency) ?? 0) + centsOf(value));
  return [...sums]
    .sort(([a], [b]) => (a === "USD" ? -1 : b === "USD" ? 1 : a.localeCompare(b)))
    .map(([currency, cents]) => amount(cents, currency));
}

/** An amount on screen: tabular figures, the accountant's negative, and its full name for a screen reader. */
import { formatAmount } from "../format/money";
import { usePreferences } from "../format/preferences";
import type { AmountView } from "../ipc";
import s from "./Money.module.css";

type MoneyProps = {
  /** Nothing is shown for null: blank means "does not apply". */
  value: AmountView | null | undefined;
  strong?: boolean;
  /** Adds the currency behind the figure, for places that have no currency column. */
  withCurrency?: boolean;
};

export function Money({ value, strong, withCurrency }: MoneyProps) {
  const { negative, zero } = usePreferences();
  if (!value) return null;
  // With its currency behind it a figure stands in a sentence: nothing to line up with, and a dash would not read.
  const style = { negative, zero: withCurrency ? ("digits" as const) : zero };
  const shown = formatAmount(value, style);
  const isDash = shown.zero && style.zero === "dash";
  // A positive figure keeps the width of the closing parenthesis free, so that decimals line up under negatives.
  const pad = negative === "parentheses" && !shown.negative && !withCurrency ? ")" : "";
  const behind = isDash && shown.decimals > 0 ? `.${"0".repeat(shown.decimals)}${pad}` : pad;
  return (
    <span className={strong ? s.strong : s.money} data-amount={value.amount} data-currency={value.currency}>
      <span className={isDash ? s.dash : undefined} aria-hidden="true">
        {shown.text}
        {behind && <span className={s.pad}>{behind}</span>}
      </span>
      <span className="vh">{shown.spoken}</span>
      {withCurrency && (
        <span className={s.currency} aria-hidden="true">
          {value.currency}
        </span>
      )}
    </span>
  );
}

/** Amounts of several currencies one after the other. They are never added together. */
export function MoneyList({ values }: { values: AmountView[] }) {
  return values.map((value, at) => (
    <span key={value.currency} className={s.listed}>
      {at > 0 && <span aria-hidden="true">, </span>}
      <Money value={value} withCurrency />
    </span>
  ));
}

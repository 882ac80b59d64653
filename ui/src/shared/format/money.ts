/** Amounts as an accountant writes them. Money stays text from end to end: nothing here turns it into a number. */
import type { AmountView, NegativeStyle, ZeroStyle } from "../ipc";

export type MoneyStyle = { negative: NegativeStyle; zero: ZeroStyle; locale?: string };

export const plainStyle: MoneyStyle = { negative: "parentheses", zero: "dash" };

export type FormattedAmount = {
  /** What the eye reads: `(1,234.00)`, `–`. */
  text: string;
  /** What the ear hears: `minus 1,234.00 US dollars`. */
  spoken: string;
  negative: boolean;
  zero: boolean;
  /** Digits after the decimal mark, for lining up the dash of a zero. */
  decimals: number;
};

type Marks = { group: string; decimal: string; digits: (text: string) => string };

const marksByLocale = new Map<string, Marks>();

function marksOf(locale: string | undefined): Marks {
  const key = locale ?? "";
  const known = marksByLocale.get(key);
  if (known) return known;
  const parts = new Intl.NumberFormat(locale, { useGrouping: "always" }).formatToParts(1234567.8);
  const find = (type: Intl.NumberFormatPartTypes, fallback: string) =>
    parts.find((part) => part.type === type)?.value ?? fallback;
  const marks = { group: find("group", ","), decimal: find("decimal", "."), digits: (text: string) => text };
  marksByLocale.set(key, marks);
  return marks;
}

const decimalsByCurrency = new Map<string, number>();

/** The currency's decimals (JPY 0, USD 2, BHD 3); 2 for a code the platform does not know. */
export function decimalsOf(currency: string): number {
  const known = decimalsByCurrency.get(currency);
  if (known !== undefined) return known;
  let decimals = 2;
  try {
    decimals =
      new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    // Not an ISO code; the backend reports that as an exception, the screen only needs to stay readable.
  }
  decimalsByCurrency.set(currency, decimals);
  return decimals;
}

/** `US dollars`, or the code itself where the platform has no name. */
export function currencyName(currency: string): string {
  try {
    const parts = new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay: "name" }).formatToParts(
      2,
    );
    return parts.find((part) => part.type === "currency")?.value ?? currency;
  } catch {
    return currency;
  }
}

const AMOUNT = /^(-?)(\d+)(?:\.(\d+))?$/;

export function isAmountText(text: string): boolean {
  return AMOUNT.test(text);
}

export function isZero({ amount }: AmountView): boolean {
  return /^-?0+(\.0+)?$/.test(amount);
}

export function isNegative(view: AmountView): boolean {
  return view.amount.startsWith("-") && !isZero(view);
}

function group(digits: string, mark: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, mark);
}

export function formatAmount(view: AmountView, style: MoneyStyle = plainStyle): FormattedAmount {
  const parts = AMOUNT.exec(view.amount);
  const decimals = decimalsOf(view.currency);
  if (!parts)
    return { text: view.amount, spoken: `${view.amount} ${view.currency}`, negative: false, zero: false, decimals };
  const [, , whole = "0", fraction = ""] = parts;
  const marks = marksOf(style.locale);
  // A unit price may be finer than its currency: digits are padded, never dropped.
  const cents = fraction.padEnd(decimals, "0");
  const magnitude = group(whole.replace(/^0+(?=\d)/, ""), marks.group) + (cents ? marks.decimal + cents : "");
  const zero = isZero(view);
  const negative = isNegative(view);
  const spoken = zero
    ? `zero ${currencyName(view.currency)}`
    : `${negative ? "minus " : ""}${magnitude} ${currencyName(view.currency)}`;
  if (zero && style.zero === "dash") return { text: "–", spoken, negative, zero, decimals: cents.length };
  if (!negative) return { text: magnitude, spoken, negative, zero, decimals: cents.length };
  const text = style.negative === "parentheses" ? `(${magnitude})` : `\u2212${magnitude}`;
  return { text, spoken, negative, zero, decimals: cents.length };
}

/** `1,234.00 USD`, for sentences and status lines. */
export function amountWithCurrency(view: AmountView, style: MoneyStyle = plainStyle): string {
  return `${formatAmount(view, { ...style, zero: "digits" }).text} ${view.currency}`;
}

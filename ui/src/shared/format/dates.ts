/** Dates in the short forms of the grids; ISO text in, words out, no time zone arithmetic on plain dates. */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `28 Jan`. */
export function dayMonth(iso: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
  if (!parts) return iso;
  return `${Number(parts[3])} ${MONTHS[Number(parts[2]) - 1] ?? parts[2]}`;
}

/** `28 Jan 2026`. */
export function fullDate(iso: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
  return parts ? `${dayMonth(iso)} ${parts[1]}` : iso;
}

/** `Monday 2 February 2026`. */
export function longDate(iso: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
  if (!parts) return iso;
  const noon = new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]), 12));
  const words = new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  return words.format(noon).replace(",", "");
}

/** `08:14` of an instant, in the reader's zone; empty for a plain date. */
export function timeOfDay(iso: string): string {
  if (!iso.includes("T")) return "";
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? "" : `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `28 Jan 08:14` of an instant, in the reader's zone. */
export function dayAndTime(iso: string): string {
  if (!iso.includes("T")) return dayMonth(iso);
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return `${at.getDate()} ${MONTHS[at.getMonth()]} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `2026-02-09`, some days after a date. */
export function daysAfter(iso: string, days: number): string {
  const at = new Date(`${iso.slice(0, 10)}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

const two = (value: number): string => String(value).padStart(2, "0");

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

/** Instants are shown in the time zone of the books, so that a posting and its day agree wherever the reader sits. */
let clock = clockOf(undefined);

export function showTimesIn(timeZone: string): void {
  clock = clockOf(timeZone || undefined);
}

function clockOf(timeZone: string | undefined): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
}

function partsOf(iso: string): Partial<Record<Intl.DateTimeFormatPartTypes, string>> | null {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return null;
  return Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** `08:14` of an instant; empty for a plain date. */
export function timeOfDay(iso: string): string {
  const parts = iso.includes("T") ? partsOf(iso) : null;
  return parts ? `${parts.hour}:${parts.minute}` : "";
}

/** `28 Jan 08:14` of an instant. */
export function dayAndTime(iso: string): string {
  if (!iso.includes("T")) return dayMonth(iso);
  const parts = partsOf(iso);
  return parts ? `${parts.day} ${MONTHS[Number(parts.month) - 1]} ${parts.hour}:${parts.minute}` : iso;
}

/** `2026-02-09`, some days after a date. */
export function daysAfter(iso: string, days: number): string {
  const at = new Date(`${iso.slice(0, 10)}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

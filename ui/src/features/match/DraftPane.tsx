/** The pane under the grids: why these belong together, the entry they make, and what is left in suspense. */
import type { Ref } from "react";
import { fullDate } from "../../shared/format/dates";
import type { MatchDetail, SuspenseView } from "../../shared/ipc";
import { openTarget } from "../../shared/nav";
import { EntryTable } from "../../shared/records/EntryTable";
import { Nearest } from "../../shared/records/Nearest";
import { Weighed } from "../../shared/records/Weighed";
import { ActionButton, Chip, c, KeyCaps } from "../../shared/ui/controls";
import { ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import type { IconName } from "../../shared/ui/Icon";
import { Money } from "../../shared/ui/Money";
import s from "./Match.module.css";

type DraftPaneProps = {
  detail: MatchDetail | undefined;
  error: unknown;
  onRetry: () => void;
  nothing: boolean;
  onReason: (reason: string | null) => void;
  reasonRef: Ref<HTMLSelectElement>;
  /** `match.accept` for a proposal, `match.selection` for records picked by hand. */
  accept: "match.accept" | "match.selection";
  busy: boolean;
};

const CHIP_ICON: Record<string, IconName> = { ok: "check", warn: "delta", bad: "cross", plain: "dot" };

export function DraftPane({ detail, error, onRetry, nothing, onReason, reasonRef, accept, busy }: DraftPaneProps) {
  if (nothing) {
    return (
      <div className={s.draft} data-pane data-testid="draft">
        <section className={s.placeholder}>
          <h2>Nothing chosen</h2>
          <p>
            Select records on both sides with <KeyCaps keys="x" /> and the entry they make is drafted here.
          </p>
        </section>
      </div>
    );
  }
  if (error) {
    return (
      <div className={s.draft} data-pane data-testid="draft">
        <div className={s.placeholder}>
          <ErrorFace error={error} onRetry={onRetry} />
        </div>
      </div>
    );
  }
  if (!detail) {
    return (
      <div className={s.draft} data-pane data-testid="draft">
        <div className={s.placeholder}>
          <TableSkeleton rows={4} label="Drafting the entry" />
        </div>
      </div>
    );
  }
  const { entry } = detail;
  return (
    <div className={s.draft} data-pane data-testid="draft" data-group={detail.groupId}>
      <section className={s.why} aria-label="Why">
        <h2>
          {detail.title} {detail.score > 0 && <Chip>{detail.score}</Chip>}
        </h2>
        {detail.weighed && <Weighed weighed={detail.weighed} />}
        <div className={s.chips}>
          {detail.evidence.map((check) => (
            <Chip key={check.text} tone={check.tone} icon={CHIP_ICON[check.tone]} title={check.detail}>
              {check.text}
            </Chip>
          ))}
        </div>
        <dl>
          {detail.facts.map((fact) => (
            <div key={fact.label} style={{ display: "contents" }}>
              <dt>{fact.label}</dt>
              <dd>
                {fact.open ? (
                  <button type="button" className={c.link} onClick={() => fact.open && openTarget(fact.open)}>
                    {fact.value}
                  </button>
                ) : (
                  fact.value
                )}
              </dd>
            </div>
          ))}
        </dl>
        {detail.nearest && <Nearest nearest={detail.nearest} />}
        {detail.notes.map((note) => (
          <p key={note.at} className={c.help}>
            {note.by}: {note.text}
          </p>
        ))}
      </section>
      <section aria-label="Draft entry">
        <div className={s.entryHead}>
          <h2>Draft entry</h2>
          <span className={`${c.faint} ${c.smallText}`}>
            {entry.kind}, {fullDate(entry.postedOn)}
            {entry.journal && `, journal ${entry.journal}`}
            {entry.entity && `, entity ${entry.entity}`}, {entry.currency}
          </span>
        </div>
        <div className={s.entryBody}>
          <EntryTable
            entry={entry}
            last={<SuspenseLine suspense={detail.suspense} onReason={onReason} reasonRef={reasonRef} />}
          />
        </div>
      </section>
      <section className={s.actions} aria-label="Decide">
        {detail.matched ? (
          <ActionButton action="match.unmatch" wide />
        ) : (
          <ActionButton
            action={accept}
            look="primary"
            wide
            disabled={!detail.canAccept || busy}
            aria-describedby={detail.whyNot ? "why-not" : undefined}
            data-testid="accept"
          >
            {accept === "match.accept" ? "Accept match" : "Match selection"}
          </ActionButton>
        )}
        {detail.whyNot && !detail.matched && (
          <p id="why-not" className={s.whyNot} data-testid="why-not">
            {detail.whyNot}
          </p>
        )}
        {!detail.matched && (
          <>
            <div className={s.two}>
              <ActionButton action="match.writeOff">Write off</ActionButton>
              <ActionButton action="match.partial">Partial</ActionButton>
              <ActionButton action="match.split">Split</ActionButton>
              <ActionButton action="match.timing">Timing</ActionButton>
            </div>
            <div className={s.two}>
              <ActionButton action="match.explain" look="quiet">
                Explain
              </ActionButton>
              <ActionButton action="match.snooze" look="quiet">
                Snooze
              </ActionButton>
            </div>
          </>
        )}
      </section>
    </div>
  );
}

/** Always the last line, and always what closes the entry. */
function SuspenseLine({
  suspense,
  onReason,
  reasonRef,
}: {
  suspense: SuspenseView;
  onReason: (reason: string | null) => void;
  reasonRef: Ref<HTMLSelectElement>;
}) {
  const nothingLeft = !suspense.debit && !suspense.credit;
  return (
    <tr
      className={s.suspense}
      data-open={!suspense.closed || undefined}
      data-testid="suspense"
      data-closed={suspense.closed}
    >
      <td>Suspense</td>
      <td />
      <td>
        {!nothingLeft && (
          <select
            ref={reasonRef}
            className={s.reason}
            aria-label="Reason that closes the suspense line"
            value={suspense.chosenReason ?? ""}
            onChange={(event) => onReason(event.target.value || null)}
            data-testid="suspense-reason"
          >
            <option value="">Choose a reason…</option>
            {suspense.reasons.map((reason) => (
              <option key={reason.id} value={reason.id} disabled={reason.disabled !== null}>
                {reason.label}
                {reason.disabled ? ` (${reason.disabled})` : ` → ${reason.account}`}
              </option>
            ))}
          </select>
        )}
      </td>
      <td data-num>
        {suspense.debit ? <Money value={suspense.debit} /> : nothingLeft ? <span className={c.faint}>–</span> : null}
      </td>
      <td data-num>
        <Money value={suspense.credit} />
      </td>
    </tr>
  );
}

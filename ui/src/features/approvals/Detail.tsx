import { dayAndTime, fullDate } from "../../shared/format/dates";
import { formatAmount } from "../../shared/format/money";
import type { AccountEffect, BalanceView, ProposalDetail, SimilarEntry } from "../../shared/ipc";
import { openTarget } from "../../shared/nav";
import { EntryTable } from "../../shared/records/EntryTable";
import { ActionButton, Button, Chip, c, ToneIcon } from "../../shared/ui/controls";
import { Money } from "../../shared/ui/Money";
import s from "./Approvals.module.css";

const SIDE = { debit: " Dr", credit: " Cr", zero: "" } as const;

export const balanceText = ({ amount, side }: BalanceView): string =>
  `${formatAmount(amount, { negative: "parentheses", zero: "digits" }).text}${SIDE[side]}`;

type DetailProps = {
  detail: ProposalDetail;
  xml: boolean;
  onXml: () => void;
  onReverse: () => void;
  decidable: boolean;
  held: boolean;
};

export function Detail({ detail, xml, onXml, onReverse, decidable, held }: DetailProps) {
  return (
    <>
      <div className={s.head}>
        <div className={c.grow}>
          <h1 data-testid="proposal-title">{detail.title}</h1>
          <p className={c.muted}>
            {detail.description}{" "}
            {detail.evidence.map((link, at) => (
              <span key={link.label}>
                {at > 0 && ", "}
                <button type="button" className={c.link} onClick={() => openTarget(link.open)}>
                  {link.label}
                </button>
              </span>
            ))}
          </p>
        </div>
        {decidable && (
          <>
            <ActionButton action="review.hold">{held ? "Release" : "Hold"}</ActionButton>
            <ActionButton action="review.reject" />
            <ActionButton
              action="review.approve"
              look="primary"
              disabled={!detail.canApprove}
              aria-describedby={detail.whyNot ? "approve-why" : undefined}
            />
          </>
        )}
        {detail.canReverse && (
          <Button onClick={onReverse} data-testid="reverse">
            Propose reversal…
          </Button>
        )}
      </div>
      {detail.whyNot && decidable && (
        <div className={c.note} data-tone="bad" id="approve-why" data-testid="why-not">
          <div>{detail.whyNot}</div>
        </div>
      )}
      {detail.record && (
        <p className={c.muted} data-testid="record">
          Intacct record <b className={c.mono}>{detail.record}</b>
        </p>
      )}
      <section className={c.panel}>
        <header>
          <h2>Effect on accounts</h2>
          <span className={`${c.faint} ${c.smallText}`}>debit left, credit right; balance before → after</span>
        </header>
        <div className={s.effects}>
          {detail.effects.map((effect) => (
            <TAccount key={`${effect.account}${effect.memo}`} effect={effect} />
          ))}
        </div>
      </section>
      <div className={s.columns}>
        <section className={c.panel}>
          <header>
            <h2>Checks</h2>
          </header>
          <ul className={s.flags}>
            {detail.checks.map((check) => (
              <li key={check.text}>
                <Chip tone={check.tone} icon={check.tone === "ok" ? "check" : undefined}>
                  {check.verdict}
                </Chip>
                <span>
                  {check.text} {check.detail && <span className={c.faint}>{check.detail}</span>}
                </span>
              </li>
            ))}
          </ul>
        </section>
        {detail.lastSimilar ? <Similar entry={detail.lastSimilar} title={detail.key} /> : <History detail={detail} />}
      </div>
      <section className={c.panel}>
        <header>
          <h2>{detail.record ? "Lines sent" : "Lines to be sent"}</h2>
          <span className={`${c.faint} ${c.smallText}`}>
            exactly as written to Intacct; key <span className={c.mono}>{detail.key}</span>
          </span>
          <span className={c.grow} />
          <Button look="quiet" small aria-expanded={xml} onClick={onXml} data-testid="show-xml">
            {xml ? "Hide XML" : "Show XML"}
          </Button>
        </header>
        <div className={c.panelBody}>
          <EntryTable entry={detail.entry} full />
        </div>
        {xml && (
          <pre className={s.xml} tabIndex={0} data-testid="xml">
            {detail.xml}
          </pre>
        )}
      </section>
      {detail.lastSimilar && detail.history.length > 0 && <History detail={detail} />}
    </>
  );
}

function TAccount({ effect }: { effect: AccountEffect }) {
  return (
    <div className={s.account}>
      <h3 title={effect.account}>{effect.account}</h3>
      <div className={s.sides}>
        <div>
          <Money value={effect.debit} />
          {effect.debit && <small>{effect.memo}</small>}
        </div>
        <div>
          <Money value={effect.credit} />
          {effect.credit && <small>{effect.memo}</small>}
        </div>
      </div>
      <div className={s.balance}>
        <span>{effect.before ? balanceText(effect.before) : "? not read"}</span>
        <span>→ {effect.after ? balanceText(effect.after) : "?"}</span>
      </div>
    </div>
  );
}

function Similar({ entry, title }: { entry: SimilarEntry; title: string }) {
  return (
    <section className={c.panel}>
      <header>
        <h2>Against the last similar entry</h2>
        <span className={`${c.faint} ${c.smallText}`}>
          {entry.label}, {fullDate(entry.postedOn)}
        </span>
      </header>
      <div className={c.panelBody}>
        <table className={c.table}>
          <thead>
            <tr>
              <th>Field</th>
              <th data-num title={entry.label}>
                That one
              </th>
              <th data-num title={title}>
                This one
              </th>
            </tr>
          </thead>
          <tbody>
            {entry.rows.map((row) => (
              <tr key={row.field}>
                <td>
                  {row.field} {row.added && <ins className={s.added}>+ new line</ins>}
                </td>
                <td data-num>
                  {row.changed && row.before ? <del className={s.removed}>{row.before}</del> : row.before || "–"}
                </td>
                <td data-num>{row.changed ? <ins className={s.added}>{row.after}</ins> : row.after}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function History({ detail }: { detail: ProposalDetail }) {
  return (
    <section className={c.panel}>
      <header>
        <h2>History</h2>
      </header>
      <ul className={s.history}>
        {detail.history.map((step) => (
          <li key={step.at + step.text}>
            <ToneIcon tone={step.tone} />
            <span>
              {step.text} <span className={c.faint}>{dayAndTime(step.at)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

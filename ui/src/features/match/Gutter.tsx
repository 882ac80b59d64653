/** The middle column: score, evidence, and the line that says how sure the link is. */
import type { LinkView } from "../../shared/ipc";
import { c } from "../../shared/ui/controls";
import s from "./Match.module.css";

type LinkShapeProps = { link: LinkView; side: "left" | "right" };

/** Solid from 95, long dashes from 80, short dashes below: the look says what the number says. */
export const gradeOf = (score: number): "sure" | "likely" | "weak" =>
  score >= 95 ? "sure" : score >= 80 ? "likely" : "weak";

function LinkShape({ link, side }: LinkShapeProps) {
  const count = side === "left" ? link.leftCount : link.rightCount;
  const outer = side === "left" ? 0 : 100;
  const inner = 100 - outer;
  const starts = Array.from({ length: Math.max(1, count) }, (_, at) => (((at + 0.5) * 100) / link.lines).toFixed(2));
  // The last branch runs on to the middle in one stroke, so that its dashes do not start anew.
  const branches = starts.map((y, at) => `M${outer} ${y}H50V50${at === starts.length - 1 ? `H${inner}` : ""}`);
  return (
    <svg className={s.link} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <path vectorEffect="non-scaling-stroke" d={branches.join("")} />
    </svg>
  );
}

type GutterCellProps = { link: LinkView; top: number; rowPx: number; active: boolean; onPick: () => void };

export function GutterCell({ link, top, rowPx, active, onPick }: GutterCellProps) {
  return (
    <div
      role="listitem"
      className={s.pair}
      data-grade={gradeOf(link.score)}
      data-active={active || undefined}
      style={{ height: rowPx * link.lines, transform: `translateY(${top}px)` }}
      onClick={onPick}
      data-testid={`link-${link.groupId}`}
    >
      <LinkShape link={link} side="left" />
      <span className={s.score} title={`Confidence ${link.score} of 100`}>
        {link.score}
      </span>
      <span className={s.evidence}>
        {link.chips.map((chip) => (
          <span key={chip.text} className={c.chip} data-tone={chip.tone} title={chip.title}>
            {chip.text}
          </span>
        ))}
      </span>
      <LinkShape link={link} side="right" />
    </div>
  );
}

/** Settings, Learned: what accepted matches taught. Each piece says what it rests on and can be switched off; none posts. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { ask, commands, type LearnedKindView, type LearnedView, type SwitchLearnedRequest } from "../../shared/ipc";
import { tryRule } from "../../shared/ruleOffer";
import { Button, Chip, c } from "../../shared/ui/controls";
import { EmptyState, ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import sc from "../../shared/ui/screen.module.css";
import { say } from "../../shared/ui/toast";
import s from "./Settings.module.css";

const KINDS: { kind: LearnedKindView; title: string; hint: string; rests: string }[] = [
  {
    kind: "proposedRule",
    title: "Proposed rules",
    hint: "made of three or more matches by hand that are alike; a text until you save it",
    rests: "Alike",
  },
  {
    kind: "alias",
    title: "Payers and customers",
    hint: "from matches a person accepted; what rests on one is only suggested",
    rests: "Matches",
  },
  { kind: "lag", title: "How late the books are", hint: "says when something expected is overdue", rests: "Matches" },
  { kind: "rhythm", title: "When gateways pay out", hint: "from their settlement files", rests: "Payouts" },
  {
    kind: "rejection",
    title: "Pairs taken apart",
    hint: "not offered again until one of the two says something else",
    rests: "",
  },
];

export function Learned() {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["settings", "learned"],
    queryFn: () => ask(commands.learned()),
    staleTime: 0,
  });
  const toggle = useMutation({
    mutationFn: (request: SwitchLearnedRequest) => ask(commands.switchLearned(request)),
    onSuccess: ({ message }) => say(message),
    meta: { failureTitle: "Nothing was switched", touches: ["settings", "matching", "exceptions", "app"] },
  });
  return (
    <div className={sc.page}>
      <div className={sc.pageInner} data-testid="learned">
        {isPending && <TableSkeleton label="Loading what was learned" />}
        {error && <ErrorFace error={error} onRetry={() => void refetch()} />}
        {data?.length === 0 && (
          <EmptyState
            title="Nothing was learned yet"
            hint="Accept and make matches: payers, delays and rules follow from them. Nothing learned ever posts."
          />
        )}
        {data &&
          KINDS.map((one) => ({ ...one, rows: data.filter(({ kind }) => kind === one.kind) }))
            .filter(({ rows }) => rows.length > 0)
            .map(({ kind, title, hint, rests, rows }) => (
              <section key={kind} className={c.panel} data-pane data-testid={`learned-${kind}`}>
                <header>
                  <h2>{title}</h2>
                  <span className={`${c.faint} ${c.smallText}`}>{hint}</span>
                </header>
                <div className={c.panelBody}>
                  <table className={c.table}>
                    <thead>
                      <tr>
                        <th>What</th>
                        {rests && <th data-num>{rests}</th>}
                        {kind === "proposedRule" && (
                          <>
                            <th data-num>Right when known</th>
                            <th data-num>Found of its kind</th>
                          </>
                        )}
                        <th>
                          <span className="vh">Switch</span>
                        </th>
                      </tr>
                    </thead>
                    <tbody>
                      {rows.map((row) => (
                        <Row
                          key={row.id}
                          row={row}
                          counts={rests !== ""}
                          onSwitch={(on) => toggle.mutate({ id: row.id, on })}
                        />
                      ))}
                    </tbody>
                  </table>
                </div>
              </section>
            ))}
      </div>
    </div>
  );
}

type RowProps = { row: LearnedView; counts: boolean; onSwitch: (on: boolean) => void };

function Row({ row, counts, onSwitch }: RowProps) {
  const { rule } = row;
  return (
    <tr data-off={!row.on || undefined}>
      <td data-wrap>
        <span className={row.on ? undefined : c.muted}>{row.title}</span>{" "}
        {row.on && !row.used && row.kind !== "proposedRule" && <Chip tone="warn">not used</Chip>}
        {!row.on && <Chip>off</Chip>}
        <p className={c.muted}>{row.detail}</p>
      </td>
      {counts && <td data-num>{row.restsOn.toLocaleString("en")}</td>}
      {row.kind === "proposedRule" && (
        <>
          <td data-num>{row.precision ?? <span className={c.faint}>not known</span>}</td>
          <td data-num>{row.recall ?? <span className={c.faint}>not known</span>}</td>
        </>
      )}
      <td>
        <span className={s.switches}>
          {rule && row.on && (
            <Button small onClick={() => tryRule(rule)}>
              Try it
            </Button>
          )}
          <Button
            small
            look="quiet"
            aria-label={`${row.on ? "Switch off" : "Switch on"}: ${row.title}`}
            onClick={() => onSwitch(!row.on)}
          >
            {row.on ? "Switch off" : "Switch on"}
          </Button>
        </span>
      </td>
    </tr>
  );
}

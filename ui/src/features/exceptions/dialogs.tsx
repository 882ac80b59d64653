/** Questions the Exceptions screen asks: what fixing would propose, and where an export goes. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask, commands, type ExportFormat } from "../../shared/ipc";
import { Button, c, ToneIcon } from "../../shared/ui/controls";
import { DialogBody } from "../../shared/ui/dialog";
import { ErrorFace, TableSkeleton } from "../../shared/ui/faces";
import { Money, MoneyList } from "../../shared/ui/Money";

type FixProps = {
  exceptionIds: string[];
  caseId: string | null;
  title: string;
  close: () => void;
  onConfirm: (digest: string) => void;
};

export function FixDialog({ exceptionIds, caseId, title, close, onConfirm }: FixProps) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["exceptions", "fix", exceptionIds, caseId],
    queryFn: () => ask(commands.fixPreview({ exceptionIds, caseId })),
    staleTime: 0,
  });
  return (
    <DialogBody
      title={`Send the fix to approvals: ${title}`}
      confirm={data ? `Propose ${data.entries} ${data.entries === 1 ? "entry" : "entries"}` : "Propose"}
      disabled={!data || data.entries === 0}
      close={close}
      onConfirm={() => data && onConfirm(data.digest)}
    >
      {isPending && <TableSkeleton rows={4} label="Preparing the fix" />}
      {error && <ErrorFace error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <p>
            In all <MoneyList values={data.totals} />. Nothing is sent to Intacct before it is approved.
          </p>
          <table className={c.table}>
            <tbody>
              {[...data.lines, ...data.leftOut].map((line) => (
                <tr key={line.id}>
                  <td>
                    <ToneIcon tone={line.tone} /> {line.text}
                  </td>
                  <td data-num>
                    <Money value={line.amount} withCurrency />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {data.leftOut.length > 0 && (
            <p className={c.muted}>{data.leftOut.length} cannot be fixed this way and stay as they are.</p>
          )}
        </>
      )}
    </DialogBody>
  );
}

export function ExportDialog({
  close,
  onConfirm,
}: {
  close: () => void;
  onConfirm: (format: ExportFormat, folder: string) => void;
}) {
  const [format, setFormat] = useState<ExportFormat>("xlsx");
  const [folder, setFolder] = useState("");
  const pick = () =>
    void ask(commands.pickFolder({ purpose: "export" })).then(
      ({ path }) => path && setFolder(path),
      () => undefined,
    );
  return (
    <DialogBody
      title="Export exceptions"
      confirm="Export"
      disabled={!folder.trim()}
      close={close}
      onConfirm={() => onConfirm(format, folder.trim())}
    >
      <p className={c.muted}>The rows, filters and order on screen, with totals that foot.</p>
      <fieldset className={c.row} style={{ border: 0, padding: 0, margin: 0 }}>
        <legend className="vh">Format</legend>
        {(["xlsx", "csv", "json"] as const).map((one) => (
          <label key={one} className={c.row}>
            <input
              type="radio"
              name="format"
              checked={format === one}
              onChange={() => setFormat(one)}
              data-testid={`format-${one}`}
            />
            {one.toUpperCase()}
          </label>
        ))}
      </fieldset>
      <label className={c.field}>
        <span>Folder</span>
        <input
          className={c.input}
          value={folder}
          onChange={(event) => setFolder(event.target.value)}
          data-testid="export-folder"
        />
      </label>
      <div>
        <Button small onClick={pick} data-testid="pick-folder">
          Choose folder…
        </Button>
      </div>
    </DialogBody>
  );
}

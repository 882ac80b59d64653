/** Everything that runs or ran: counts, result lines, and a way to stop. */
import { useQuery } from "@tanstack/react-query";
import { jobsQuery } from "../../shared/query";
import { Button } from "../../shared/ui/controls";
import d from "../../shared/ui/dialog.module.css";
import { EmptyState, JobProgress } from "../../shared/ui/faces";
import { useCancelJob } from "./mutations";

export function JobsDialog({ close }: { close: () => void }) {
  const { data: jobs = [] } = useQuery(jobsQuery);
  const cancel = useCancelJob();
  return (
    <>
      <div className={d.inner}>
        <h2 className={d.title}>Background jobs</h2>
        {jobs.length === 0 && (
          <EmptyState title="Nothing has run yet" hint="Reading, matching and posting show here while they work." />
        )}
        {jobs.map((job) => (
          <JobProgress key={job.id} job={job} onCancel={() => cancel.mutate(job.id)} />
        ))}
      </div>
      <footer className={d.footer}>
        <Button autoFocus onClick={close}>
          Close
        </Button>
      </footer>
    </>
  );
}

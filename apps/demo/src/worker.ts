/**
 * Runs the body of a worker process: with the process's arguments, and a function that sends a report to the parent.
 * The worker ends when the body does, or when the parent is gone.
 */
export async function runWorker<Report>(
  body: (args: readonly string[], report: (report: Report) => Promise<void>) => Promise<void> | void,
): Promise<void> {
  process.once('disconnect', () => process.exit())
  await body(process.argv.slice(2), send)
  process.disconnect()
}

/** Resolves when the report is on its way, so that a worker which ends right after it loses nothing. */
function send(report: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(report, undefined, undefined, (error) => (error ? reject(error) : resolve()))
  })
}

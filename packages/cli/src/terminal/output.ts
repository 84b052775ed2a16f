import { once } from 'node:events'
import { escapeJson } from './escape.ts'
import { ExitCode, Failure, failureLine } from './failure.ts'

/** Whether people read what is printed, rather than a program. */
export function isForPeople(): boolean {
  return process.stdout.isTTY === true
}

/** Prints lines for whoever reads them, and waits while the reader is slower. */
export async function print(...lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await write(`${lines.join('\n')}\n`)
}

/** Prints one value as JSON: on lines of its own for people, on one line for programs. */
export async function printJson(value: unknown): Promise<void> {
  await print(escapeJson(JSON.stringify(value, undefined, isForPeople() ? 2 : undefined)))
}

/** Prints values as JSON, one on each line. */
export async function printJsonLines(values: readonly unknown[]): Promise<void> {
  await print(...values.map((value) => escapeJson(JSON.stringify(value))))
}

/** Writes to the standard output as it is, and waits while the reader is slower. */
export async function write(content: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(content)) await once(process.stdout, 'drain')
}

/** Tells people something beside the output. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`)
}

/**
 * Lets the command end when nothing can be written any more: quietly once nobody reads, as `| head` does, and with one
 * line where the output is lost, such as on a full disk.
 */
export function endWithoutReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(ExitCode.well)
      if (stream === process.stdout)
        remark(failureLine(new Failure(`the output cannot be written: ${error.message}`)))
      process.exit(ExitCode.failed)
    })
  }
}

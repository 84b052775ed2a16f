import { createInterface } from 'node:readline/promises'
import { Failure } from './failure.ts'
import { onInterruption } from './interruption.ts'

/**
 * Asks whether to go on and returns the answer; anything but yes is no.
 *
 * @throws Failure where nobody is there to be asked
 */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new Failure('nobody is there to be asked: say --yes to go on without a question')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  // The interface takes Ctrl+C for itself.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const forget = onInterruption(() => lines.close())
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
  } finally {
    forget()
    lines.close()
  }
}

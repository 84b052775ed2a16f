import { createInterface } from 'node:readline/promises'
import { Failure } from './failure.ts'
import { onInterruption } from './interruption.ts'

/**
 * Asks whether to go on and returns the answer; anything but yes is no, also the end of the input, as by Ctrl+D.
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
  const closed = new Promise<string>((settle) => lines.once('close', () => settle('\n')))
  // When the input ends it rejects, or never settles, by the version of Node.
  const answered = lines.question(`${question} [y/N] `).catch(() => '\n')
  try {
    const answer = await Promise.race([closed, answered])
    // The cursor stands after the question still.
    if (answer === '\n') process.stderr.write(answer)
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    forget()
    lines.close()
  }
}

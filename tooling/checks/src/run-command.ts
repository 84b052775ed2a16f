import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

const TIME_LIMIT = 300_000 // ms

export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs `command` in `directory`, with another environment when one is given, and gives what it printed; rejects with its whole
 * output when it fails.
 */
export async function runCommand(
  command: string,
  words: readonly string[],
  directory: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<CommandResult> {
  const line = [command, ...words].join(' ')
  const child = spawn(command, words, {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIME_LIMIT,
  })
  const [stdout, stderr, [status, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (status === 0) return { stdout, stderr }
  const reason = signal ? `ended by ${signal}` : `exit ${status}`
  throw new Error(`${line}: ${reason}\n${stdout}${stderr}`.trimEnd())
}

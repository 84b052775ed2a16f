import { spawnSync } from 'node:child_process'

const TIME_LIMIT = 300_000 // ms

/** Runs `command` in `directory` and returns what it printed; throws with its whole output when it fails. */
export function runCommand(command: string, words: readonly string[], directory: string): string {
  const { status, signal, stdout, stderr, error } = spawnSync(command, words, {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIME_LIMIT,
  })
  if (status === 0) return stdout
  const reason = error ? error.message : signal ? `ended by ${signal}` : `exit ${status}`
  throw new Error(`${command} ${words.join(' ')}: ${reason}\n${stdout ?? ''}${stderr ?? ''}`.trimEnd())
}

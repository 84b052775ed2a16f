import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'

/** The built command. */
export const MAIN = resolve(import.meta.dirname, '../dist/main.js')

/** What a command has printed, and what it has ended with. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How a command is run. */
export interface RunOptions {
  /** What it reads from its standard input. */
  readonly input?: string | Uint8Array
  /** What a command in a terminal prints before it gets the input; it gets it at once unless given. */
  readonly after?: string
  readonly env?: Record<string, string>
}

/** Runs the command between pipes. */
export async function run(words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return ended(start(process.execPath, [MAIN, ...words], options), options.input ?? '')
}

/** Runs the command while nothing else happens in this process, and returns what it has ended with. */
export function runNow(words: readonly string[]): number | null {
  return spawnSync(process.execPath, [MAIN, ...words], { timeout: 60_000 }).status
}

/** Runs a line of a shell in which `diskcache` is the command. */
export async function runShell(line: string, options: RunOptions = {}): Promise<Ended> {
  const command = `diskcache() { ${quoted(process.execPath)} ${quoted(MAIN)} "$@"; }; ${line}`
  return ended(start('bash', ['-c', command], options), options.input ?? '')
}

/** Runs the command in a pseudo-terminal of so many columns; what it prints anywhere is in `stdout`. */
export async function runInTerminal(columns: number, words: readonly string[], options: RunOptions = {}) {
  const line = [process.execPath, MAIN, ...words].map(quoted).join(' ')
  const args = ['-qec', `stty cols ${columns} -echo; exec ${line}`, '/dev/null']
  // The terminal's input stays open until the command has ended.
  const child = start('script', args, options)
  const { after, input = '' } = options
  if (after === undefined) child.stdin.write(input)
  else {
    let printed = ''
    child.stdout.on('data', (chunk) => {
      const isNew = !printed.includes(after)
      printed += chunk
      if (isNew && printed.includes(after)) child.stdin.write(input)
    })
  }
  return ended(child)
}

/** Starts the command between pipes, for what happens while it runs. */
export function startCommand(words: readonly string[]): ChildProcessWithoutNullStreams {
  return start(process.execPath, [MAIN, ...words], {})
}

/** Whether there is a `script` that makes pseudo-terminals, as that of util-linux does. */
export const HAS_TERMINALS = spawnSync('script', ['-qec', 'stty cols 60', '/dev/null']).status === 0

/** Whether a program is installed. */
export function isInstalled(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0
}

function start(
  program: string,
  args: readonly string[],
  { env }: RunOptions,
): ChildProcessWithoutNullStreams {
  // With CI, Node takes a terminal for one without colours.
  const { NO_COLOR, FORCE_COLOR, CI, ...others } = process.env
  return spawn(program, args, {
    env: { ...others, TERM: 'xterm', ...env },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
}

async function ended(child: ChildProcessWithoutNullStreams, input?: string | Uint8Array): Promise<Ended> {
  child.stdin.on('error', () => {}) // it may end before it has read
  if (input !== undefined) child.stdin.end(input)
  const exit = new Promise<number | null>((settle) => child.once('exit', settle))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { code, stdout, stderr }
}

/** Returns a word as a shell reads it back. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

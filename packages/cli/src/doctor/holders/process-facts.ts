import { readFileSync, statSync } from 'node:fs'

/** What Linux tells of a process. */
export interface ProcessFacts {
  /** The command line, cut after some length. */
  readonly command: string
  /** The name of the user, or the number where it has none. */
  readonly user: string
  /** When the process was started, in epoch milliseconds; left out where that is not told. */
  readonly startTime?: number
}

const LONGEST_COMMAND = 200

/** The clock ticks of a second in which Linux counts for programs. */
const TICKS_PER_SECOND = 100

/** The place of the start of a process in its `stat`, counted after the name, which may have spaces. */
const START_FIELD = 19

/** Returns what is told of a process; `undefined` when it has ended. */
export function processFacts(pid: number): ProcessFacts | undefined {
  try {
    const { uid } = statSync(`/proc/${pid}`)
    const startTime = startOf(pid)
    return { command: commandOf(pid), user: userName(uid), ...(startTime === undefined ? {} : { startTime }) }
  } catch {
    return undefined
  }
}

function commandOf(pid: number): string {
  const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0/g, ' ').trim()
  const command = line === '' ? readFileSync(`/proc/${pid}/comm`, 'utf8').trim() : line
  return command.length > LONGEST_COMMAND ? `${command.slice(0, LONGEST_COMMAND)}…` : command
}

function startOf(pid: number): number | undefined {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const ticks = text.slice(text.lastIndexOf(')') + 2).split(' ')[START_FIELD]
  const boot = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]
  if (ticks === undefined || boot === undefined) return undefined
  return Number(boot) * 1_000 + (Number(ticks) / TICKS_PER_SECOND) * 1_000
}

function userName(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((each) => each.split(':')[2] === String(uid))
    return line?.split(':')[0] ?? String(uid)
  } catch {
    return String(uid)
  }
}

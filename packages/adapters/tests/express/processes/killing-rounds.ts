import { ok } from 'node:assert'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, ask } from '../../http/http-client.ts'
import { runsIn } from './runs.ts'
import { ServerProcess } from './server-process.ts'

export interface KillingRounds {
  readonly directory: string
  readonly rounds: number
  /** In a round, over both processes. */
  readonly requests: number
}

export interface KillingReport {
  /** Requests to a process that was killed. */
  readonly lost: number
  readonly answered: number
  /** How often the handler ran. */
  readonly runs: number
}

/** After how long another takes over; milliseconds. */
const LEASE = 500

const TEXT = 'slow, but the same for all'

/**
 * In each round two processes get requests for a response that nobody has yet, and the one that computes it is killed:
 * the other must compute it once more, and all who asked that one get the whole of it.
 */
export async function killingRounds({ directory, rounds, requests }: KillingRounds): Promise<KillingReport> {
  const log = join(directory, 'rounds')
  const start = () =>
    ServerProcess.start({ directory: join(directory, 'store'), log, options: { collapse: { lease: LEASE } } })
  let servers: readonly ServerProcess[] = await Promise.all([start(), start()])
  const report = { lost: 0, answered: 0, runs: 0 }
  try {
    for (let round = 0; round < rounds; round++) {
      const before = runsIn(log).length
      const path = `/held/${round}`
      const asked = Array.from({ length: requests }, (_, at) =>
        answerOf(servers[at % 2] as ServerProcess, path),
      )
      while (runsIn(log).length === before) await delay(1)
      const doomed = Number(runsIn(log)[before])
      await servers.find(({ pid }) => pid === doomed)?.kill()
      // Only now does the handler get to its end.
      writeFileSync(`${log}-${round}`, '')
      for (const { pid, answer } of await Promise.all(asked)) {
        const isWhole = answer?.status === 200 && answer.text === TEXT
        ok(
          isWhole || (pid === doomed && answer === undefined),
          `round ${round}: got ${answer?.status} ${answer?.text}`,
        )
        report[answer === undefined ? 'lost' : 'answered']++
      }
      const runs = runsIn(log).length - before
      ok(runs <= 2, `round ${round}: the handler ran ${runs} times`)
      report.runs += runs
      servers = await Promise.all(servers.map((server) => (server.pid === doomed ? start() : server)))
    }
  } finally {
    await Promise.all(servers.map((server) => server.kill()))
  }
  return report
}

/** `undefined` when the connection broke. */
async function answerOf(
  { origin, pid }: ServerProcess,
  path: string,
): Promise<{ pid: number; answer?: Answer }> {
  try {
    return { pid, answer: await ask(origin + path, { headers: { host: 'example.com' } }) }
  } catch {
    return { pid }
  }
}

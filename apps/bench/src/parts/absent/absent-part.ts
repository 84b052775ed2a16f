import { Stage } from '../../measuring/stage.ts'
import { type PeerServer, startServer } from '../../peers/peer-server.ts'
import { countText, millisecondsText } from '../../report/figure-text.ts'
import { ABSENT, tableOf } from '../../report/table.ts'
import type { Part } from '../../running/part.ts'
import { type AbsentResult, WORK } from '../../worker/absent/absent-service.ts'
import { WAYS, type Way } from '../../worker/absent/ways.ts'
import { WorkerProcess } from '../../worker/worker-process.ts'

/** Calls, a fixed time apart, and how long their ends are waited for; durations in milliseconds. */
const FULL = { calls: 1_000, period: 20, wait: 30_000 }
const QUICK: typeof FULL = { calls: 50, period: 20, wait: 1_000 }

/** How Redis is gone, and the signal by which. */
const FAULTS = [
  { name: 'stands still', signal: 'SIGSTOP' },
  { name: 'refuses connections', signal: 'SIGKILL' },
] as const

interface Found {
  readonly way: Way
  readonly result: AbsentResult
}

/** What calls take when Redis is gone, by each way to use it as a cache. */
export const ABSENT_PART: Part = {
  name: 'absent',
  minutes: 2,
  async run({ quick, progress }) {
    const effort = quick ? QUICK : FULL
    const tables = []
    for (const [i, { name, signal }] of FAULTS.entries()) {
      progress(i, FAULTS.length, `Redis ${name}`)
      tables.push(tableOfFault(name, await suffer(signal, effort)))
    }
    const seconds = (effort.calls * effort.period) / 1e3
    return {
      title: 'Redis gone',
      introduction: `Processes that have used a Redis for a while ask for a new key every ${effort.period} ms, ${countText(effort.calls)} of them in ${seconds} s, while the server stands still by SIGSTOP, and then when it is gone and its port refuses connections. What is asked for takes ${WORK} ms to compute by a timer. A call's time counts from when it was due. _Open_ are calls that had not ended ${millisecondsText(effort.wait)} after the last one began. All ways are measured at the same time, each in a process of its own.`,
      tables,
    }
  },
}

async function suffer(signal: NodeJS.Signals, { calls, period, wait }: typeof FULL): Promise<Found[]> {
  await using stage = new Stage()
  await using server: PeerServer = await startServer('redis', stage.directory)
  const { address } = server
  const workers = WAYS.map((_, way) => stage.use(WorkerProcess.of('absent', { way, address })))
  const ask = (calls: number) =>
    Promise.all(workers.map((worker) => worker.ask<AbsentResult>('run', calls, period, wait)))
  // Connected, and with code that has run before.
  await ask(Math.min(calls, 100))
  server.send(signal)
  const results = await ask(calls)
  return WAYS.map((way, i) => ({ way, result: results[i]! }))
}

function tableOfFault(fault: string, found: readonly Found[]) {
  const figure = (share: number) => (one: Found) => percentileText(one, share)
  return tableOf(
    `Redis ${fault}`,
    found,
    {
      cache: ({ way }) => way.name,
      settings: ({ way }) => way.settings,
      p50: figure(0.5),
      p99: figure(0.99),
      slowest: figure(1),
      failed: ({ result }) => countText(result.failed),
      open: ({ result }) => countText(result.hanging),
    },
    { block: `absent-${fault.split(' ')[0]}` },
  )
}

/** The share of all calls took at most so long; what has not ended took longer than the others. */
function percentileText({ result: { times, hanging } }: Found, share: number): string {
  const rank = Math.ceil(share * (times.length + hanging)) - 1
  const time = times.toSorted((a, b) => a - b)[rank]
  return time === undefined ? ABSENT : millisecondsText(time)
}

import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import { pathOf, SERVER_PROGRAM } from '../../../../packages/redis/tests/servers/redis-server.ts'
import type { AbsentJob, AbsentReport } from '../absent/absent-worker.ts'
import { PERIOD } from '../absent/asking.ts'
import { FAULTS, type Fault } from '../absent/faults.ts'
import { type Judgement, judge, type UserFigures } from '../absent/judge.ts'
import { now } from '../absent/now.ts'
import { Witness } from '../absent/witness.ts'
import { mebibytes } from '../mebibytes.ts'
import type { Scenario, ScenarioContext } from '../scenario.ts'

const WORKER = new URL('../absent/absent-worker.ts', import.meta.url)

/** Milliseconds of the whole, and shares of it at which the fault begins and ends. */
const DURATION = 60_000
const DURATION_WHEN_SHORT = 8_400
const BEGIN = 0.1
const END = 2 / 3

/**
 * Everything that uses a store as a cache, while the store is away: nobody waits for it twice, all are told, and hits are
 * back soon after it is.
 */
export const absent: Scenario = {
  name: 'absent',
  minutes: 12,
  async run(context) {
    if (pathOf(SERVER_PROGRAM) === undefined) return [`skipped: ${SERVER_PROGRAM} is not installed`]
    const lines: string[] = []
    const wrongs: string[] = []
    for (const [i, fault] of FAULTS.entries()) {
      const { text, judgement } = await suffer(fault, {
        ...context,
        directory: join(context.directory, String(i)),
      })
      lines.push(text)
      wrongs.push(...judgement.wrongs.map((wrong) => `${fault.name}: ${wrong}`))
    }
    if (wrongs.length > 0) throw new Error([...lines, ...wrongs].join('\n'))
    return lines
  },
}

async function suffer(fault: Fault, { directory, seed, short }: ScenarioContext) {
  const duration = short ? DURATION_WHEN_SHORT : DURATION
  const [begin, end] = [duration * BEGIN, Math.min(duration * END, duration * BEGIN + fault.longest)]
  await using site = await fault.open(directory)
  const job: AbsentJob = {
    place: site.place,
    seed,
    requests: duration / PERIOD,
    measures: [begin - 200, end - 200],
    busy: 0,
  }
  const child = Child.process<AbsentReport>(WORKER, job, { limit: duration + 40_000 })
  await meet([child])
  using witness = new Witness(site.port)
  await delay(begin)
  const begun = now()
  await site.begin()
  await delay(end - begin - (now() - begun))
  const ending = now()
  await site.end()
  const course = {
    state: fault.state,
    fault: { begin: begun, end: now() },
    ending,
    isLong: !short,
    starved: witness.waits,
  }
  const [report] = (await results([child])) as [AbsentReport]
  const judgement = judge(report, course)
  return { text: textOf(fault, report, judgement, ending - begun), judgement }
}

function textOf({ name }: Fault, { memory }: AbsentReport, { figures }: Judgement, time: number): string {
  const most = (figure: (of: UserFigures) => number) => Math.max(...figures.map(figure)).toFixed(0)
  const growth = Math.max(...memory) - memory[0]!
  return (
    `${name} for ${(time / 1e3).toFixed(1)} s: of ${figures.length} users, p99 at most ${most(({ p99 }) => p99)} ms longer, ` +
    `slowest ${most(({ slowest }) => slowest)} ms longer; waited: ${most(({ waited }) => waited.first)} of one in the first ` +
    `second, ${most(({ waited }) => waited.later)} in any other; hits back after ${most(({ back }) => back)} ms; ` +
    `memory +${mebibytes(growth)}`
  )
}

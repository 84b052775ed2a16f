import { ok } from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApplicationJob, Work } from '../../../../packages/adapters/tests/express/attack/application.ts'
import type { AttackJob, Sent } from '../../../../packages/adapters/tests/express/attack/attackers.ts'
import type {
  HonestAnswer,
  HonestJob,
} from '../../../../packages/adapters/tests/express/attack/honest-clients.ts'
import { LARGE } from '../../../../packages/adapters/tests/express/attack/pages.ts'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import type { Scenario } from '../scenario.ts'

const PROGRAMS = new URL('../../../../packages/adapters/tests/express/attack/', import.meta.url)
const CLIENTS = 100
const ATTACKERS = 2

/** How many times longer than without attackers the slowest hundredth of the honest answers may take. */
const MOST = 2

interface Run {
  readonly answers: readonly HonestAnswer[]
  readonly sent: Sent
  readonly work: Work
}

/**
 * Honest clients of an Express application beside attackers, and beside as many harmless requests instead, in turns. Every
 * honest answer is whole, the client's own, and no older than its page says that it may be when nothing fails; how long the
 * answers take is compared, in the quietest round of each: a machine does other things, too.
 */
export const attack: Scenario = {
  name: 'attack',
  minutes: 15,
  async run({ directory, seed, short }) {
    const [rounds, time] = short ? [1, 4_000] : [5, 15_000]
    const [without, beside]: [Run[], Run[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      const options = { seed: seed + round, time }
      without.push(await clientsOf(join(directory, `without-${round}`), { ...options, isHarmless: true }))
      beside.push(await clientsOf(join(directory, `beside-${round}`), { ...options, isHarmless: false }))
    }
    const ratio = slowest(beside) / slowest(without)
    const lines = [
      lineOf('without attackers', without),
      lineOf('beside attackers', beside),
      `sent by attackers: ${sentBy(beside)}`,
      `the slowest hundredth of the honest answers took ${ratio.toFixed(2)} times as long as without attackers`,
    ]
    // A short run is too short to judge.
    ok(short || ratio <= MOST, lines.join('\n'))
    return lines
  },
}

/** Runs an application, honest clients of it, and attackers, each in a process. */
async function clientsOf(
  directory: string,
  { seed, time, isHarmless }: Pick<AttackJob, 'seed' | 'time' | 'isHarmless'>,
): Promise<Run> {
  mkdirSync(directory)
  const portFile = join(directory, 'port')
  const limit = time + 60_000
  const application: ApplicationJob = { directory: join(directory, 'store'), portFile }
  const server = Child.process<Work>(moduleOf('application'), application, { limit })
  await meet([server])
  const port = Number(readFileSync(portFile, 'utf8'))
  const honest: HonestJob = { port, seed, clients: CLIENTS, time }
  const attack: AttackJob = { port, seed, attackers: ATTACKERS, time, isHarmless }
  const clients = Child.process<HonestAnswer[]>(moduleOf('honest-clients'), honest, { limit })
  const attackers = Child.process<Sent>(moduleOf('attackers'), attack, { limit })
  await meet([clients, attackers])
  const [answers, sent] = (await results<unknown>([clients, attackers])) as [HonestAnswer[], Sent]
  await meet([server])
  const work = await server.result
  const faults = answers.filter(({ fault }) => fault !== undefined)
  ok(
    faults.length === 0,
    `${faults.length} of ${answers.length} honest answers are wrong, ${isHarmless ? 'without' : 'beside'} attackers: ` +
      faults
        .slice(0, 10)
        .map(({ fault }) => fault)
        .join('\n'),
  )
  return { answers, sent, work }
}

function moduleOf(name: string): URL {
  return new URL(`${name}.ts`, PROGRAMS)
}

/** Returns how long the slowest hundredth of the honest answers took at least, in the round in which that was least. */
function slowest(runs: readonly Run[]): number {
  return Math.min(...runs.map(({ answers }) => quantile(answers.map(timeOf), 0.99)))
}

function lineOf(name: string, runs: readonly Run[]): string {
  const answers = runs.flatMap((run) => run.answers)
  const ages = ['renewed', 'awaited'].map((kind) => {
    const of = answers.filter(({ path }) => path.startsWith(`/${kind}/`)).map(({ age }) => age)
    return `${kind} pages were ${figures(of)} old`
  })
  const sum = (name: keyof Work) => runs.reduce((total, { work }) => total + work[name], 0)
  return [
    `${name}: ${answers.length} honest answers took ${figures(answers.map(timeOf))}`,
    `the slowest hundredth of the quietest round at least ${slowest(runs).toFixed(1)} ms`,
    `the long page ${figures(answers.filter(({ path }) => path === LARGE.path).map(timeOf))}`,
    ...ages,
    `handlers ran ${sum('runs')} times, ${sum('failures')} of them failed`,
    `the application used ${(sum('processor') / 1e3).toFixed(1)} s of the processor`,
  ].join('; ')
}

function timeOf({ took }: HonestAnswer): number {
  return took
}

function figures(times: readonly number[]): string {
  const [median, most, last] = [0.5, 0.99, 1].map((share) => quantile(times, share).toFixed(0))
  return `${median} ms (median), ${most} ms (99 %), ${last} ms (all)`
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function sentBy(runs: readonly Run[]): string {
  const total: Sent = {}
  for (const { sent } of runs)
    for (const [kind, count] of Object.entries(sent)) total[kind] = (total[kind] ?? 0) + count
  return Object.entries(total)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')
}

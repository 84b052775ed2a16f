import { atLeast, atMost, type Goal, type GoalResult } from '../measuring/goal.ts'
import { Stage } from '../measuring/stage.ts'
import { median, medianRatio } from '../measuring/statistics.ts'
import { countText } from '../report/figure-text.ts'
import { tableOf } from '../report/table.ts'
import type { Part } from '../running/part.ts'
import type { PressResult } from '../worker/press-service.ts'
import type { Way } from '../worker/route-service.ts'
import { slowBody } from '../worker/slow-body.ts'
import { WorkerProcess } from '../worker/worker-process.ts'

const FULL = { rounds: 5, connections: 50, seconds: 2 }
const QUICK: typeof FULL = { rounds: 1, connections: 2, seconds: 0.2 }

const BODY = JSON.stringify(slowBody())

/** How a server answers, and what it is asked with. */
interface Route {
  readonly name: string
  readonly way: Way
  readonly headers?: Readonly<Record<string, string>>
}

const BARE: Route = { name: 'no Express, `res.end` of the bytes', way: 'bare' }
const END: Route = { name: '`res.end` of the same bytes', way: 'end' }
const SEND: Route = { name: '`res.send` of the same bytes', way: 'send' }
const HIT: Route = { name: 'diskcache `cacheResponses`, a hit', way: 'diskcache' }
const UNCACHED: Route = { name: 'no cache', way: 'uncached' }

/** A request with a cookie is one user's own, which a cache under `app.use` lets pass. */
const headers = { cookie: 'sid=1' }
const PERSONAL: Route = { name: '`res.send`, a request with a cookie', way: 'send', headers }
const PASSING: Route = { name: 'the same under `app.use(cacheResponses(…))`', way: 'passing', headers }

const ROUTES = [
  BARE,
  END,
  SEND,
  HIT,
  { name: 'apicache, in memory', way: 'apicache' },
  UNCACHED,
  PERSONAL,
  PASSING,
]

/** A server that is pressed, and its rounds. */
interface Pressed {
  readonly route: Route
  readonly server: WorkerProcess
  readonly url: string
  readonly rounds: Round[]
}

/** With the microseconds of a processor for each request. */
type Round = PressResult & { readonly processor: number }

/** An Express route behind different caches, and what a request costs that no cache may store. */
export const EXPRESS_PART: Part = {
  name: 'express',
  minutes: 1.8,
  async run({ quick, progress }) {
    const effort = quick ? QUICK : FULL
    await using stage = new Stage()
    const press = stage.use(WorkerProcess.of('press'))
    const pressed: Pressed[] = []
    for (const route of ROUTES as readonly Route[]) {
      const directory = stage.path(route.way)
      const server = stage.use(WorkerProcess.of('route', { way: route.way, directory }))
      pressed.push({ route, server, url: await server.ask<string>('url'), rounds: [] })
    }
    // The first round fills the caches and is not counted.
    for (let round = -1; round < effort.rounds; round++)
      for (const [i, one] of pressed.entries()) {
        progress((round + 1) * pressed.length + i, (effort.rounds + 1) * pressed.length, one.route.name)
        const found = await pressOnce(one, press, effort)
        if (round >= 0) one.rounds.push(found)
      }
    return {
      title: 'An Express route',
      introduction: `A route of Express 5 whose handler takes about two milliseconds of a processor for 10 KiB of JSON: as it is, behind apicache, which keeps responses in the memory of its process, and behind \`cacheResponses\`, whose responses all processes share and a restart keeps. What sends the same bytes without making them, in Express or not, is the limit. autocannon presses each with ${effort.connections} connections from a process of its own for ${effort.seconds} s a round; they take turns in ${effort.rounds} rounds, and every body is compared with the right one.`,
      tables: [routesTable(pressed)],
      goals: goalsOf(pressed),
    }
  },
}

async function pressOnce(
  { route, server, url }: Pressed,
  press: WorkerProcess,
  { connections, seconds }: typeof FULL,
): Promise<Round> {
  const before = await server.ask<number>('processor')
  const settings = { url, connections, seconds, headers: route.headers ?? {}, body: BODY }
  const result = await press.ask<PressResult>('press', settings)
  if (result.errors > 0) throw new Error(`Cannot use the figures: ${result.errors} requests failed`)
  return { ...result, processor: ((await server.ask<number>('processor')) - before) / result.requests }
}

type Figure = keyof Round

function ratioOf(pressed: readonly Pressed[], figure: Figure, subject: Route, yardstick: Route): number {
  const of = (wanted: Route) =>
    pressed.find(({ route }) => route === wanted)?.rounds.map((round) => round[figure]) ?? []
  return medianRatio(of(subject), of(yardstick))
}

function routesTable(pressed: readonly Pressed[]) {
  const middle = ({ rounds }: Pressed, figure: Figure) => median(rounds.map((round) => round[figure]))
  return tableOf(
    'Requests',
    pressed,
    {
      'answered by': ({ route }) => route.name,
      'requests/s': (one) => countText(middle(one, 'rate')),
      '× no cache': ({ route }) => ratioOf(pressed, 'rate', route, UNCACHED),
      '× `res.send`': ({ route }) => ratioOf(pressed, 'rate', route, SEND),
      'processor, µs': (one) => middle(one, 'processor'),
      'p99, ms': (one) => countText(middle(one, 'p99')),
    },
    { block: 'express' },
  )
}

function goalsOf(pressed: readonly Pressed[]): GoalResult[] {
  const hit = 'HTTP hit of 10 KiB, requests a second, against'
  const passing = 'request that cannot be stored, under `app.use`, processor time, against without'
  const goal = (work: string, goal: Goal, measured: number) => ({ work, goal, measured })
  return [
    goal(`${hit} \`res.send\` in the same route`, atLeast(1), ratioOf(pressed, 'rate', HIT, SEND)),
    goal(`${hit} bare \`res.end\` there`, atLeast(0.75), ratioOf(pressed, 'rate', HIT, END)),
    goal(passing, atMost(1.15), ratioOf(pressed, 'processor', PASSING, PERSONAL)),
  ]
}

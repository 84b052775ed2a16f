import type { PressResult } from '../worker/routes/press-service.ts'
import { WorkerProcess } from '../worker/worker-process.ts'
import type { Stage } from './stage.ts'
import { median, medianRatio } from './statistics.ts'

/** How a server answers, and what it is asked with. */
export interface Route<Way extends string = string> {
  readonly name: string
  readonly way: Way
  readonly headers?: Readonly<Record<string, string>>
}

/** How hard and how often servers are pressed, and the body of every right answer. */
export interface Effort {
  /** For each route, by turns: now and then a process is slow for as long as it lives. */
  readonly servers: number
  readonly rounds: number
  readonly connections: number
  readonly seconds: number
  /** How many seconds go before each round: a process that has rested is slower at first. */
  readonly approach: number
  readonly body: string
}

const FULL = { servers: 3, rounds: 6, connections: 50, approach: 0.5, seconds: 1.5 }
const QUICK: typeof FULL = { servers: 1, rounds: 1, connections: 2, approach: 0.1, seconds: 0.2 }

/** Returns how to press servers that answer with this body. */
export function effortFor(body: string, { quick }: { quick: boolean }): Effort {
  return { ...(quick ? QUICK : FULL), body }
}

/** Says it, for readers of the figures. */
export function effortText({ servers, rounds, connections, approach, seconds }: Effort): string {
  return `autocannon presses each with ${connections} connections from a process of its own for ${seconds} s a round, after ${approach} s that do not count; they take turns in ${rounds} rounds, each by ${servers} processes, and every body is compared with the right one.`
}

/** A server that is pressed, and its rounds. */
export interface PressedRoute {
  readonly route: Route
  readonly rounds: readonly Round[]
}

/** With the microseconds of a processor for each request. */
type Round = PressResult & { readonly processor: number }

interface Running {
  readonly route: Route
  readonly servers: readonly Server[]
  readonly rounds: Round[]
}

interface Server {
  readonly process: WorkerProcess
  readonly url: string
}

/** Presses servers by turns, each in a process of its own. The first time fills its cache, ages it, and is not counted. */
export async function pressRoutes(
  kind: 'route' | 'door',
  routes: readonly Route[],
  { stage, effort, progress }: { stage: Stage; effort: Effort; progress: Progress },
): Promise<readonly PressedRoute[]> {
  const press = stage.use(WorkerProcess.of('press'))
  const running: Running[] = []
  for (const route of routes) {
    const servers: Server[] = []
    for (let i = 0; i < effort.servers; i++) servers.push(await start(kind, route, i, stage))
    running.push({ route, servers, rounds: [] })
  }
  const all = (effort.servers + effort.rounds) * routes.length
  for (let round = -effort.servers; round < effort.rounds; round++)
    for (const [i, { route, servers, rounds }] of running.entries()) {
      progress((effort.servers + round) * routes.length + i, all, route.name)
      const server = servers[(effort.servers + round) % effort.servers] as Server
      const found = await pressOnce(server, route, press, effort)
      if (round >= 0) rounds.push(found)
    }
  return running
}

async function start(kind: 'route' | 'door', route: Route, i: number, stage: Stage): Promise<Server> {
  const directory = stage.path(`${route.name.replaceAll(/\W/g, '-')}-${i}`)
  const process = stage.use(WorkerProcess.of(kind, { way: route.way, directory }))
  return { process, url: await process.ask<string>('url') }
}

type Progress = (done: number, all: number, what: string) => void

async function pressOnce(
  { process, url }: Server,
  { headers = {} }: Route,
  press: WorkerProcess,
  { seconds, approach, ...effort }: Effort,
): Promise<Round> {
  const settings = { ...effort, url, headers }
  await press.ask<PressResult>('press', { ...settings, seconds: approach })
  const before = await process.ask<number>('processor')
  const result = await press.ask<PressResult>('press', { ...settings, seconds })
  return { ...result, processor: ((await process.ask<number>('processor')) - before) / result.requests }
}

/** The median of the ratios of rounds that followed each other. */
export function routeRatio(
  pressed: readonly PressedRoute[],
  figure: keyof Round,
  subject: Route,
  yardstick: Route,
): number {
  const of = (wanted: Route) =>
    pressed.find(({ route }) => route === wanted)?.rounds.map((round) => round[figure]) ?? []
  return medianRatio(of(subject), of(yardstick))
}

/** The median of the rounds. */
export function middleOf({ rounds }: PressedRoute, figure: keyof Round): number {
  return median(rounds.map((round) => round[figure]))
}

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
  readonly rounds: number
  readonly connections: number
  readonly seconds: number
  readonly body: string
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
  readonly server: WorkerProcess
  readonly url: string
  readonly rounds: Round[]
}

/** Presses servers by turns, each in a process of its own. The first round fills their caches, ages them, and is not counted. */
export async function pressRoutes(
  kind: 'route' | 'door',
  routes: readonly Route[],
  { stage, effort, progress }: { stage: Stage; effort: Effort; progress: Progress },
): Promise<readonly PressedRoute[]> {
  const press = stage.use(WorkerProcess.of('press'))
  const running: Running[] = []
  for (const route of routes) {
    const directory = stage.path(route.name.replaceAll(/\W/g, '-'))
    const server = stage.use(WorkerProcess.of(kind, { way: route.way, directory }))
    running.push({ route, server, url: await server.ask<string>('url'), rounds: [] })
  }
  for (let round = -1; round < effort.rounds; round++)
    for (const [i, one] of running.entries()) {
      progress((round + 1) * running.length + i, (effort.rounds + 1) * running.length, one.route.name)
      const found = await pressOnce(one, press, effort)
      if (round >= 0) one.rounds.push(found)
    }
  return running
}

type Progress = (done: number, all: number, what: string) => void

async function pressOnce(
  { route, server, url }: Running,
  press: WorkerProcess,
  { connections, seconds, body }: Effort,
): Promise<Round> {
  const before = await server.ask<number>('processor')
  const settings = { url, connections, seconds, headers: route.headers ?? {}, body }
  const result = await press.ask<PressResult>('press', settings)
  if (result.errors > 0) throw new Error(`Cannot use the figures: ${result.errors} requests failed`)
  return { ...result, processor: ((await server.ask<number>('processor')) - before) / result.requests }
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

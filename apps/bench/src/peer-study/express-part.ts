import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Part, PartContext } from '../report/part.ts'
import type { Section } from '../report/section.ts'
import { median, medianRatio } from '../statistics.ts'
import type { ExpressLoad } from './express-load.ts'
import { WAY_TEXTS, WAYS, type Way } from './express-way.ts'
import { ratioText } from './figure-tables.ts'
import { RouteServer } from './route-server.ts'

const LOAD = join(import.meta.dirname, 'express-load.ts')

interface Effort {
  readonly rounds: number
  readonly connections: number
  /** How long a server is pressed in a round. */
  readonly seconds: number
}

const FULL: Effort = { rounds: 7, connections: 50, seconds: 3 }
const QUICK: Effort = { rounds: 1, connections: 2, seconds: 0.1 }

/** A server that is pressed, round after round. */
interface Pressed {
  readonly way: Way
  readonly server: RouteServer
  readonly loads: ExpressLoad[]
}

interface WayFigure {
  readonly way: Way
  /** Requests in a second: the median. */
  readonly rate: number
  /** How many times as many as without a cache, in the same round: the median. */
  readonly speedup: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly errors: number
  /** Bytes that the process needs more than after the first round. */
  readonly growth: number
}

/** An Express route behind different caches. */
export const EXPRESS_PART: Part = {
  name: 'express',
  minutes: 2,
  async run(context) {
    const effort = context.quick ? QUICK : FULL
    await using resources = new AsyncDisposableStack()
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-express-'))
    resources.defer(() => rmSync(directory, { recursive: true }))
    const pressed: Pressed[] = []
    for (const way of WAYS) {
      const server = await startOrSkip(way, join(directory, way), context)
      if (server !== undefined) pressed.push({ way, server: resources.use(server), loads: [] })
    }
    return sectionOf(await pressAll(pressed, effort, context), effort, context)
  },
}

/** What is not installed is skipped; without the other ways there is nothing to compare it with. */
async function startOrSkip(
  way: Way,
  directory: string,
  context: PartContext,
): Promise<RouteServer | undefined> {
  try {
    return await RouteServer.start(way, directory)
  } catch (error) {
    if (way !== 'apicache') throw error
    context.skip(WAY_TEXTS[way], (error as Error).message)
    return undefined
  }
}

async function pressAll(
  pressed: readonly Pressed[],
  effort: Effort,
  context: PartContext,
): Promise<WayFigure[]> {
  const total = (effort.rounds + 1) * pressed.length
  const memory: number[] = []
  // The first round fills the caches and is not counted.
  for (let round = -1; round < effort.rounds; round++)
    for (const [i, { way, server, loads }] of pressed.entries()) {
      context.progress((round + 1) * pressed.length + i, total, way)
      const load = await press(server.url, effort)
      if (round < 0) memory.push(await server.memory())
      else loads.push(load)
    }
  const uncached = pressed.find(({ way }) => way === 'uncached')!
  return Promise.all(
    pressed.map(async ({ way, server, loads }, i) => ({
      way,
      rate: median(rates(loads)),
      speedup: medianRatio(rates(loads), rates(uncached.loads)),
      p50: median(loads.map(({ p50 }) => p50)),
      p99: median(loads.map(({ p99 }) => p99)),
      errors: loads.reduce((sum, { errors }) => sum + errors, 0),
      growth: (await server.memory()) - memory[i]!,
    })),
  )
}

async function press(url: string, { connections, seconds }: Effort): Promise<ExpressLoad> {
  const args = [LOAD, url, `${connections}`, `${seconds}`]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout) as ExpressLoad
}

function rates(loads: readonly ExpressLoad[]): number[] {
  return loads.map(({ rate }) => rate)
}

function sectionOf(figures: readonly WayFigure[], effort: Effort, { quick }: PartContext): Section {
  const errors = figures.reduce((sum, figure) => sum + figure.errors, 0)
  if (errors > 0) throw new Error(`Cannot use the figures: ${errors} requests failed`)
  const bare = figures.find(({ way }) => way === 'bare')!
  const rows = figures.map(({ way, rate, speedup, p50, p99, errors, growth }) => [
    WAY_TEXTS[way],
    Math.round(rate).toLocaleString('en'),
    ratioText(speedup),
    ratioText(rate / bare.rate),
    `${p50} ms`,
    `${p99} ms`,
    `${errors}`,
    `${(growth / 2 ** 20).toFixed(1)} MiB`,
  ])
  return {
    title: 'An Express route',
    introduction: `A route of Express 5 whose handler takes about two milliseconds of a processor for 10 KiB of JSON: as it is, behind apicache, which keeps responses in the memory of its process, and behind \`cacheResponses\`, whose responses all processes share and a restart keeps. A bare \`http\` server that sends the same bytes, without Express, is the limit. autocannon presses each with ${effort.connections} connections from a process of its own for ${effort.seconds} s a round; they take turns in ${effort.rounds} rounds, and every body is compared with the right one.`,
    tables: [
      {
        title: 'Requests',
        columns: [
          { head: 'answered by', align: 'left' },
          ...['requests/s', '× no cache', '× bare', 'p50', 'p99', 'errors', 'memory more'].map((head) => ({
            head,
          })),
        ],
        rows,
        notes:
          'Times are whole milliseconds, as autocannon gives them. Errors: no answer, another status than 200, or another body. Memory: what the process needs more after the last round than after the first.',
      },
    ],
    charts: [
      {
        name: 'express',
        title: 'Requests to a route',
        axis: 'requests a second',
        scale: 'logarithmic',
        kind: 'bars',
        points: figures.map(({ way, rate }) => ({
          group: WAY_TEXTS[way].replaceAll('`', ''),
          series: 'requests',
          value: rate,
        })),
      },
    ],
    data: { quick, figures },
  }
}

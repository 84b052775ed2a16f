import { ok } from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import {
  STREAM_SERVERS,
  type StartStreams,
  type StreamServer,
} from '../../../../packages/adapters/tests/http/stream-servers.ts'
import type { Scenario } from '../scenario.ts'

/** How much later than without the cache an event stream may begin, in milliseconds. */
const MOST_MS = 50

/** How often a server is started, to ask it for the first time. */
const FIRST = 9

/** How often it is asked after that. */
const LATER = 21

/** How clients ask for event streams: browsers say so, others may not. */
const ASKING: Readonly<Record<string, IncomingHttpHeaders>> = {
  'with Accept': { accept: 'text/event-stream' },
  'without Accept': {},
}

/** Event streams begin as soon with the cache as without it, whether it knows the route or not. */
export const streams: Scenario = {
  name: 'streams',
  minutes: 10,
  async run({ directory, short }) {
    const lines: string[] = []
    for (const [name, start] of Object.entries(STREAM_SERVERS))
      for (const [how, headers] of Object.entries(ASKING)) {
        const rounds = short ? 3 : FIRST
        lines.push(await measure(`${name}, ${how}`, { start, headers, rounds, directory }))
      }
    return lines
  },
}

interface Measured {
  readonly start: StartStreams
  readonly headers: IncomingHttpHeaders
  readonly rounds: number
  readonly directory: string
}

async function measure(title: string, { start, headers, rounds, directory }: Measured): Promise<string> {
  const [bare, cached] = [new Delays(), new Delays()]
  for (let round = 0; round < rounds; round++) {
    await using without = await start(undefined)
    await using behind = await start(join(directory, `${title} ${round}`.replaceAll(/\W+/g, '-')))
    bare.first.push(await firstEvent(without, headers))
    cached.first.push(await firstEvent(behind, headers))
    for (let i = 0; i < LATER; i++) {
      bare.later.push(await firstEvent(without, headers))
      cached.later.push(await firstEvent(behind, headers))
    }
  }
  const first = median(cached.first) - median(bare.first)
  const later = median(cached.later) - median(bare.later)
  ok(first < MOST_MS && later < MOST_MS, `${title}: ${first} ms later at first, ${later} ms after that`)
  return `${title}: ${inMs(first)} later at first (${inMs(median(bare.first))} without), ${inMs(later)} after that (${inMs(median(bare.later))})`
}

/** Milliseconds until the first event. */
class Delays {
  readonly first: number[] = []
  readonly later: number[] = []
}

async function firstEvent({ port }: StreamServer, headers: IncomingHttpHeaders): Promise<number> {
  const begin = performance.now()
  const sent: ClientRequest = request({ host: '127.0.0.1', port, headers, agent: false }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  await once(response, 'data')
  const time = performance.now() - begin
  response.destroy()
  return time
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number
}

function inMs(time: number): string {
  return `${time.toFixed(2)} ms`
}

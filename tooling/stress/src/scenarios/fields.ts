import { ok } from 'node:assert/strict'
import { Agent, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { FIELD_SERVERS } from '../../../../packages/adapters/tests/http/field-servers.ts'
import type { Scenario } from '../scenario.ts'

/** As long as a field can be within the limit that Node has for the whole head. */
const LENGTH = 15_000

/** How much more processor time a hostile value may take than a harmless one of its length. */
const MOST = 3

/** How often a value is tried whose requests took longer: other things may have happened. */
const ATTEMPTS = 6

/** Requests of one measurement. */
const BATCH = 4

/** What each field that is looked at may begin with. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  accept: ['a/b'],
  'accept-encoding': ['identity', 'gzip;q=0'],
  'accept-language': ['de;q=0.5'],
  authorization: ['Basic '],
  'cache-control': ['max-age=1', 'no-cache="', 'a="'],
  cookie: ['consent=1;', 'consent="'],
  forwarded: ['host=a;', 'host="a', 'for="[::1]",'],
  'if-modified-since': ['Sun, 06 Nov 1994 08:49:37 '],
  'if-none-match': ['"a",', 'W/"', '*'],
  'if-range': ['"a"', 'W/"'],
  origin: ['https://a'],
  pragma: ['no-'],
  range: ['bytes=0-1', 'bytes=', 'bytes=0-'],
  'x-forwarded-host': ['a,'],
  'x-forwarded-proto': ['http,'],
  'x-host': ['a'],
  'x-user-id': ['1'],
}

const RUNS: readonly string[] = [
  ...[' ', '\t', ',', ';', '=', '"', '\\', '/', '-', '*', '0', '(', ':', '.', '[', '%', '&', '?', '@', '_'],
  ...[
    ', ',
    ' ,',
    '; ',
    '"\\',
    '\\"',
    '()',
    'W/"',
    '"a",',
    'a=1;',
    'a="b",',
    'q=0,',
    'max-age=',
    'host=a,',
    '"",',
  ],
]

/** Fields of requests that are hostile to whoever reads them: none costs much more than a harmless one of its length. */
export const fields: Scenario = {
  name: 'fields',
  minutes: 15,
  async run({ directory, short }) {
    const lines: string[] = []
    for (const [name, open] of Object.entries(FIELD_SERVERS).slice(0, short ? 1 : undefined)) {
      const { cache, server } = open(join(directory, name.replace(':', '-')))
      lines.push(await measure(name, server))
      await cache.close()
    }
    return lines
  },
}

async function measure(name: string, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const agent = new Agent({ keepAlive: true })
  let [values, worst, worstOf] = [0, 0, '']
  try {
    const client = new Client((server.address() as AddressInfo).port, agent)
    await client.cost('x-warm', 'x'.repeat(LENGTH))
    for (const [field, beginnings] of Object.entries(FIELDS)) {
      const harmless = await best(ATTEMPTS, 0, () => client.cost(field, 'x'.repeat(LENGTH)))
      for (const [beginning, run] of beginnings.flatMap((one) => RUNS.map((run) => [one, run] as const))) {
        const value = `${(beginning + run.repeat(LENGTH)).slice(0, LENGTH - 1)}b`
        const cost = await best(ATTEMPTS, MOST * harmless, () => client.cost(field, value))
        const [ratio, title] = [cost / harmless, `${field}: ${beginning} and ${JSON.stringify(run)}`]
        ok(
          ratio <= MOST,
          `${name}, ${title}: ${cost.toFixed(1)} ms, a harmless one ${harmless.toFixed(1)} ms`,
        )
        if (ratio > worst) [worst, worstOf] = [ratio, title]
        values++
      }
    }
  } finally {
    agent.destroy()
    server.closeAllConnections()
    server.close()
  }
  return `${name}: ${values} values of ${LENGTH} bytes; the worst took ${worst.toFixed(2)} times a harmless one (${worstOf})`
}

/** Returns the smallest of some measurements, or the first that is no more than enough. */
async function best(attempts: number, enough: number, measureOnce: () => Promise<number>): Promise<number> {
  let smallest = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < attempts && smallest > enough; attempt++)
    smallest = Math.min(smallest, await measureOnce())
  return smallest
}

/** Asks for one page, and counts processor time. */
class Client {
  readonly #port: number
  readonly #agent: Agent

  constructor(port: number, agent: Agent) {
    this.#port = port
    this.#agent = agent
  }

  /** Returns the milliseconds of processor time, client and server together, of some requests with this field. */
  async cost(field: string, value: string): Promise<number> {
    const before = process.cpuUsage()
    for (let sent = 0; sent < BATCH; sent++)
      await this.#ask({ [field]: value, ...(field === 'if-range' && { range: 'bytes=0-1' }) })
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  }

  #ask(headers: Record<string, string>): Promise<void> {
    return new Promise((resolve, reject) => {
      const where = { host: '127.0.0.1', port: this.#port, agent: this.#agent, path: '/?b=1&a=2' }
      request({ ...where, headers }, (response) => response.resume().on('end', resolve).on('error', reject))
        .on('error', reject)
        .end()
    })
  }
}

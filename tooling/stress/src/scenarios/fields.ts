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

/** Less than this is measured once. */
const ENOUGH = 2

/** How often a value is tried whose requests took longer. */
const ATTEMPTS = 12

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
  minutes: 60,
  async run({ directory, short }) {
    const lines: string[] = []
    for (const [name, open] of Object.entries(FIELD_SERVERS).slice(0, short ? 1 : undefined)) {
      const { server, close } = await open(join(directory, name.replace(':', '-')))
      lines.push(await measure(name, server))
      await close()
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
    await client.ratio('x-warm', 'x'.repeat(LENGTH))
    for (const [field, beginnings] of Object.entries(FIELDS)) {
      for (const [beginning, run] of beginnings.flatMap((one) => RUNS.map((run) => [one, run] as const))) {
        const value = `${(beginning + run.repeat(LENGTH)).slice(0, LENGTH - 1)}b`
        const ratio = await client.ratio(field, value)
        const title = `${field}: ${beginning} and ${JSON.stringify(run)}`
        ok(ratio <= MOST, `${name}, ${title}: ${ratio.toFixed(1)} times a harmless one`)
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

/** Asks for pages, and counts processor time. */
class Client {
  readonly #port: number
  readonly #agent: Agent
  /** Each value has a page of its own, whose variants find places. */
  #page = 0

  constructor(port: number, agent: Agent) {
    this.#port = port
    this.#agent = agent
  }

  /**
   * Returns how many times the processor time of a harmless value of its length this one takes. The two are sent in turns, and the
   * smallest of each counts, until that is little enough: other things happen meanwhile.
   */
  async ratio(field: string, value: string): Promise<number> {
    this.#page++
    let [harmless, hostile] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      harmless = Math.min(harmless, await this.#cost(field, 'x'.repeat(LENGTH)))
      hostile = Math.min(hostile, await this.#cost(field, value))
      if (hostile <= ENOUGH * harmless) break
    }
    return hostile / harmless
  }

  /** Returns the milliseconds of processor time, client and server together, of some requests with this field. */
  async #cost(field: string, value: string): Promise<number> {
    const before = process.cpuUsage()
    for (let sent = 0; sent < BATCH; sent++)
      await this.#ask({ [field]: value, ...(field === 'if-range' && { range: 'bytes=0-1' }) })
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  }

  #ask(headers: Record<string, string>): Promise<void> {
    return new Promise((resolve, reject) => {
      const path = `/?b=${this.#page}&a=2`
      const where = { host: '127.0.0.1', port: this.#port, agent: this.#agent, path }
      request({ ...where, headers }, (response) => response.resume().on('end', resolve).on('error', reject))
        .on('error', reject)
        .end()
    })
  }
}

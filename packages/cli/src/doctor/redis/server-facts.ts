import { messageOf } from '../findings/diagnosis.ts'

/** What a server of Redis or Valkey says of itself. */
export interface ServerFacts {
  /** The address, without its password and what is for stores alone. */
  readonly address: string
  /** Why the server cannot be asked. */
  readonly error?: unknown
  /** The fields of `INFO`; none where this user may not ask for it. */
  readonly info: ReadonlyMap<string, string>
  /** The milliseconds by which its clock is ahead, as far as that can be told. */
  readonly clockAhead: number
  /** Half of what an answer takes, in milliseconds: within that the difference of the clocks is not known. */
  readonly clockError: number
  /** The median of what `PING` takes, in milliseconds. */
  readonly latency: number
}

const CONNECT_TIMEOUT = 3_000
const PINGS = 9

/** Asks the server at an address. Nothing is written. */
export async function admitServer(url: string): Promise<ServerFacts> {
  const address = addressOf(url)
  const none = { address: shownAddress(address), info: new Map(), clockAhead: 0, clockError: 0, latency: 0 }
  try {
    const { createClient } = await import('redis')
    const socket = { connectTimeout: CONNECT_TIMEOUT, reconnectStrategy: false } as const
    const client = createClient({ url: address, socket, commandOptions: { timeout: CONNECT_TIMEOUT } })
    client.on('error', () => {})
    await client.connect()
    try {
      return { ...none, ...(await ask(client)) }
    } finally {
      client.destroy()
    }
  } catch (error) {
    return { ...none, error: new Error(reasonOf(error), { cause: error }) }
  }
}

/** The part of a client that is used. */
interface Client {
  sendCommand(command: string[]): Promise<unknown>
}

async function ask(client: Client): Promise<Omit<ServerFacts, 'address'>> {
  const times: number[] = []
  for (let i = 0; i < PINGS; i++) {
    const start = performance.now()
    await client.sendCommand(['PING'])
    times.push(performance.now() - start)
  }
  const before = Date.now()
  const [seconds, micros] = (await client.sendCommand(['TIME'])) as [string, string]
  const after = Date.now()
  const server = Number(seconds) * 1_000 + Number(micros) / 1_000
  return {
    info: infoOf(await client.sendCommand(['INFO']).catch(() => '')),
    clockAhead: server - (before + after) / 2,
    clockError: (after - before) / 2 + 1,
    latency: times.sort((a, b) => a - b)[Math.floor(PINGS / 2)] ?? 0,
  }
}

function infoOf(text: unknown): Map<string, string> {
  const lines = String(text).split(/\r?\n/)
  return new Map(lines.flatMap((line) => (/^\w+:/.test(line) ? [split(line)] : [])))
}

function split(line: string): [name: string, value: string] {
  const at = line.indexOf(':')
  return [line.slice(0, at), line.slice(at + 1)]
}

/** Returns the address for a client: the prefix of a store is no part of it. */
function addressOf(url: string): string {
  const address = new URL(url)
  address.hash = ''
  address.searchParams.delete('prefix')
  return address.href
}

function shownAddress(address: string): string {
  const shown = new URL(address)
  shown.password = ''
  return shown.href
}

/** Several addresses that all refuse are one error without a message. */
function reasonOf(error: unknown): string {
  return error instanceof AggregateError && error.message === ''
    ? error.errors.map(messageOf).join('; ')
    : messageOf(error)
}

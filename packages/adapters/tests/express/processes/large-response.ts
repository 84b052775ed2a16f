import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { ServerProcess } from './server-process.ts'

const MIB = 2 ** 20

/** Bytes between two looks at the memory of the server. */
const STEP = 8 * MIB

export interface LargeResponseReport {
  /** Bytes by which the server has grown at most: in objects and buffers in use, and in what it occupies. */
  readonly used: number
  readonly resident: number
  /** Bytes that came, the first time and the second. */
  readonly sizes: readonly [number, number]
  readonly seconds: readonly [number, number]
}

/** Asks a server for a response of so many mebibytes, and again, and watches its memory at every few of them. */
export async function passLargeResponse(
  server: ServerProcess,
  mebibytes: number,
): Promise<LargeResponseReport> {
  const url = `${server.origin}/large/${mebibytes}`
  await read(await open(`${server.origin}/large/1`), async () => {})
  const before = await server.memory()
  const most = { ...before }
  const look = async () => {
    const { used, resident } = await server.memory()
    most.used = Math.max(most.used, used)
    most.resident = Math.max(most.resident, resident)
  }
  const first = await timed(url, look)
  const second = await timed(url, look)
  return {
    used: most.used - before.used,
    resident: most.resident - before.resident,
    sizes: [first.size, second.size],
    seconds: [first.seconds, second.seconds],
  }
}

async function timed(url: string, look: () => Promise<void>) {
  const start = performance.now()
  const answer = await open(url)
  const size = await read(answer, look)
  const seconds = (performance.now() - start) / 1_000
  return { size, seconds }
}

async function open(url: string): Promise<IncomingMessage> {
  const sent = request(url, { headers: { host: 'example.com' } }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return answer
}

/** The server has to wait while its memory is looked at. */
async function read(answer: IncomingMessage, look: () => Promise<void>): Promise<number> {
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const steps = Math.floor(size / STEP)
    size += chunk.length
    if (Math.floor(size / STEP) > steps) await look()
  }
  return size
}

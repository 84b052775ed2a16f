import { deepStrictEqual, ok } from 'node:assert'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Child } from '../../../recipes/tests/processes/child.ts'
import { RedisServer } from '../servers/redis-server.ts'
import { TcpProxy } from '../servers/tcp-proxy.ts'
import type { ChangingJob } from './changing-worker.ts'
import type { ReadingJob, ReadingReport } from './reading-worker.ts'

const CHANGING = new URL('./changing-worker.ts', import.meta.url)
const READING = new URL('./reading-worker.ts', import.meta.url)
const KEYS = 60
const READERS = 3
const PREFIX = 'changes'

/** Milliseconds. */
const STALENESS = 100
const TIMEOUT = 1_000

/**
 * A process that changes entries, and is killed now and then, and others that read them with memory, while what they are
 * told is held up, their connections are cut, and the server stands still. Throws when a read gave what was not there
 * within the staleness and its own time, or had expired; gives figures.
 */
export async function changesRun(rounds: number): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-redis-changes-'))
  const file = join(directory, 'changes')
  const server = await RedisServer.start()
  const proxy = await TcpProxy.start(server.port)
  try {
    const reports = await disturbed({ server, proxy, file, rounds })
    return figures(reports, rounds)
  } finally {
    await proxy.close()
    await server.stop()
    rmSync(directory, { recursive: true })
  }
}

interface Surroundings {
  readonly server: RedisServer
  readonly proxy: TcpProxy
  readonly file: string
  readonly rounds: number
}

async function disturbed({ server, proxy, file, rounds }: Surroundings): Promise<ReadingReport[]> {
  await using children = new AsyncDisposableStack()
  const options = { prefix: PREFIX, timeout: TIMEOUT }
  const reading: ReadingJob = {
    options: { ...options, url: proxy.url, memory: { maxBytes: 2 ** 20, staleness: STALENESS } },
    file,
    keys: KEYS,
  }
  const startWriter = async (first: readonly number[]) => {
    const job: ChangingJob = { options: { ...options, url: server.url }, file, keys: KEYS, first }
    const writer = children.use(new Child(CHANGING, job))
    await writer.hear()
    return writer
  }
  const readers = Array.from({ length: READERS }, () => children.use(new Child(READING, reading)))
  await Promise.all(readers.map((reader) => reader.hear()))
  let writer = await startWriter(Array(KEYS).fill(1))
  for (let round = 0; round < rounds; round++) {
    await delay(200 + Math.random() * 300)
    await during(proxy, server, round)
    if (round % 4 !== 3) continue
    await writer[Symbol.asyncDispose]()
    writer = await startWriter(nextNumbers(file))
  }
  await delay(500)
  await writer[Symbol.asyncDispose]()
  return await Promise.all(
    readers.map((reader) => {
      reader.tell('enough')
      return reader.hear<ReadingReport>()
    }),
  )
}

async function during(proxy: TcpProxy, server: RedisServer, round: number): Promise<void> {
  const time = Math.random() * 3 * STALENESS
  switch (round % 3) {
    case 0:
      proxy.hold()
      await delay(time)
      return proxy.release()
    case 1:
      return proxy.cut()
    default:
      server.pause()
      await delay(time)
      return server.resume()
  }
}

/** The number of the next change of each key. */
function nextNumbers(file: string): number[] {
  const next = Array<number>(KEYS).fill(1)
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const [key = 0, n = 0] = line.split(' ').map(Number)
    next[key] = Math.max(next[key] as number, n + 1)
  }
  return next
}

function figures(reports: readonly ReadingReport[], rounds: number): string {
  deepStrictEqual(
    reports.flatMap(({ faults }) => faults),
    [],
    'read what was not there within the staleness',
  )
  const sum = (count: (report: ReadingReport) => number) => reports.reduce((all, one) => all + count(one), 0)
  const hits = sum((report) => report.hits)
  ok(hits > 0, 'nothing came from memory')
  return (
    `memory, ${rounds} rounds of messages held up, connections cut, stalls and killed writers: ${sum(({ reads }) => reads)} reads, ` +
    `${hits} of which came from memory and ${sum(({ failures }) => failures)} failed; none gave what was not there within ${STALENESS} ms and its own time, or had expired`
  )
}

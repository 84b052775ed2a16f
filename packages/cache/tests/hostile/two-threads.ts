import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { Cache } from '@diskcache/cache'

/** Opens one directory in two threads, each through a copy of the package, and prints what came of it. */
const [directory, first, second]: string[] = isMainThread ? process.argv.slice(2) : workerData

if (isMainThread) {
  const cache = await open(first)
  cache.set('key', 1)
  const whileOpen = await inWorker()
  cache.set('key', 2)
  cache.close()
  console.log(JSON.stringify({ whileOpen, afterClosing: await inWorker() }))
} else {
  try {
    using cache = await open(second)
    parentPort?.postMessage(cache.get('key'))
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    parentPort?.postMessage({ code, message })
  }
}

async function open(path = ''): Promise<Cache> {
  const loaded: { Cache: typeof Cache } = await import(pathToFileURL(path).href)
  return new loaded.Cache(directory)
}

async function inWorker(): Promise<unknown> {
  const worker = new Worker(new URL(import.meta.url), { workerData: [directory, first, second] })
  const [[answer]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')])
  return answer
}

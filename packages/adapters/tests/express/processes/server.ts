import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import express from 'express'
import { type CacheResponsesOptions, cacheResponses } from '../../../src/express/index.ts'

export interface ServerJob {
  readonly directory: string
  /** Gets a line for each run of a handler. */
  readonly log: string
  readonly options: CacheResponsesOptions
}

export interface MemoryReport {
  /** Bytes. */
  readonly memory: number
}

const job = JSON.parse(process.argv[2] ?? '') as ServerJob
const app = express()
app.use(cacheResponses(job.directory, job.options))

/** Answers after so many milliseconds. */
app.get('/slow/:time', async (req, res) => {
  appendFileSync(job.log, `${process.pid}\n`)
  await delay(Number(req.params.time))
  res.set('Cache-Control', 'public, max-age=60').send('slow, but the same for all')
})

/** So many mebibytes, as fast as they are taken. */
app.get('/large/:size', (req, res) => {
  appendFileSync(job.log, `${process.pid}\n`)
  const chunk = Buffer.alloc(65_536, 'large ')
  const chunks = function* () {
    for (let i = 0; i < Number(req.params.size) * 16; i++) yield chunk
  }
  res.set('Cache-Control', 'public, max-age=60').type('bin')
  Readable.from(chunks()).pipe(res)
})

process.on('message', () => {
  globalThis.gc?.()
  process.send?.({ memory: process.memoryUsage().rss } satisfies MemoryReport)
})
process.on('disconnect', () => process.exit())

const server = createServer(app)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))

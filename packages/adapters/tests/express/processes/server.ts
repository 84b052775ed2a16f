import { appendFileSync, existsSync } from 'node:fs'
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

/** In bytes. */
export interface MemoryReport {
  /** Objects and buffers that are in use. */
  readonly used: number
  /** What the process occupies, with what it has not given back yet. */
  readonly resident: number
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

/** Answers when there is a file of that name beside the log. */
app.get('/held/:name', async (req, res) => {
  appendFileSync(job.log, `${process.pid}\n`)
  while (!existsSync(`${job.log}-${req.params.name}`)) await delay(5)
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
  // Memory of buffers is given back by the collection after the one that finds them.
  for (let i = 0; i < 2; i++) globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  process.send?.({ used: heapUsed + external, resident: rss } satisfies MemoryReport)
})
process.on('disconnect', () => process.exit())

const server = createServer(app)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))

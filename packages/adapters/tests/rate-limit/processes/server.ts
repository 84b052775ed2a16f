/** An application with all three limits, whose counters are in the directory that it is told. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Cache } from '@diskcache/cache'
import express from 'express'
import { rateLimit } from 'express-rate-limit'
import * as flexible from 'rate-limiter-flexible'
import { createRateLimiter, limitRequests, RateLimitStore } from '../../../src/rate-limit/index.ts'

const PATIENT = { storeTimeout: 20_000 }
const PER = 3_600_000

const cache = new Cache(process.argv[2]!)
const store = new RateLimitStore(cache, PATIENT)
const limiter = createRateLimiter(flexible, cache, { points: 20, duration: PER / 1_000, ...PATIENT })
const app = express()
app.use('/windows', rateLimit({ store, windowMs: PER, limit: 20, standardHeaders: true }))
app.use('/bucket', limitRequests(cache, { name: 'api', count: 20, per: PER, whenAway: 'refuse' }))
app.use('/points', (_req, res, next) => {
  limiter.consume('everyone').then(
    () => next(),
    (refusal) => (refusal instanceof Error ? next(refusal) : res.sendStatus(429)),
  )
})
app.use((_req, res) => void res.send('Hello'))

const server = createServer(app).listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('disconnect', () => process.exit())

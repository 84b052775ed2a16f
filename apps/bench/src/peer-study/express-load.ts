/** Presses a server from a process of its own: `express-load.ts URL CONNECTIONS SECONDS`. Prints an `ExpressLoad`. */
import autocannon from 'autocannon'
import { slowBody } from './slow-body.ts'

export interface ExpressLoad {
  /** Requests in a second. */
  readonly rate: number
  /** Milliseconds, whole ones. */
  readonly p50: number
  readonly p99: number
  /** No answer, another status than 200, or another body. */
  readonly errors: number
}

const [url, connections, seconds] = process.argv.slice(2) as [string, string, string]
const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(seconds),
  expectBody: JSON.stringify(slowBody()),
})
const load: ExpressLoad = {
  rate: result['2xx'] / result.duration,
  p50: result.latency.p50,
  p99: result.latency.p99,
  errors: result.errors + result.timeouts + result.non2xx + result.mismatches,
}
console.log(JSON.stringify(load))

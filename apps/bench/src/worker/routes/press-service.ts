import autocannon from 'autocannon'
import type { Service } from '../service.ts'

/** Requests that were answered, and how many that is in a second; milliseconds, whole ones. */
export interface PressResult {
  readonly requests: number
  readonly rate: number
  readonly p99: number
  /** No answer, another status than 200, or another body. */
  readonly errors: number
}

interface PressSettings extends Pick<autocannon.Options, 'url' | 'connections' | 'headers'> {
  readonly seconds: number
  /** What every answer must be. */
  readonly body: string
}

/** Presses a server by autocannon. */
export const PRESS_SERVICE: Service = { commands: { press } }

async function press({ seconds, body, ...settings }: PressSettings): Promise<PressResult> {
  const result = await autocannon({ ...settings, duration: seconds, expectBody: body })
  const requests = result['2xx']
  const errors = result.errors + result.timeouts + result.non2xx + result.mismatches
  return { requests, rate: requests / result.duration, p99: result.latency.p99, errors }
}

import autocannon from 'autocannon'
import { LatencyRecorder, percentile } from '../../measuring/latencies.ts'
import type { Service } from '../service.ts'

/** Requests that were answered, and how many that is in a second; what the slowest of a hundred took, in milliseconds. */
export interface PressResult {
  readonly requests: number
  readonly rate: number
  readonly p99: number
}

interface PressSettings extends Pick<autocannon.Options, 'url' | 'connections' | 'headers'> {
  readonly seconds: number
  /** What every answer must be. */
  readonly body: string
}

/** Presses a server by autocannon; fails at an answer that is missing, or has another status than 200, or another body. */
export const PRESS_SERVICE: Service = { commands: { press } }

async function press({ seconds, body, ...settings }: PressSettings): Promise<PressResult> {
  const recorder = new LatencyRecorder()
  const options = { ...settings, duration: seconds, expectBody: body }
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const pressing = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
    // The percentiles of its result are whole milliseconds.
    pressing.on('response', (_client, _status, _bytes, milliseconds) => recorder.add(milliseconds))
  })
  const errors = result.errors + result.timeouts + result.non2xx + result.mismatches
  if (errors > 0) throw new Error(`Cannot use the figures: ${errors} requests failed`)
  const requests = result['2xx']
  return { requests, rate: requests / result.duration, p99: percentile(0.99, [recorder.latencies()]) }
}

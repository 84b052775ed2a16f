import type { Latencies } from '../peers/latencies.ts'

/** What one process did. */
export interface SettingReport {
  readonly sets: number
  readonly seconds: number
  /** The longest `set`, in milliseconds. */
  readonly longest: number
  readonly latencies: Latencies
}

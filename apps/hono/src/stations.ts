import { setTimeout as sleep } from 'node:timers/promises'
import type { Cache } from '@diskcache/cache'

type Reports = Cache<string, number>['promises']

export interface Weather {
  readonly city: string
  /** What the station has reported, in degrees Celsius. */
  readonly now: number
  /** In degrees Celsius. */
  readonly tomorrow: number
}

/** The cities that have a station. */
const CITIES = ['berlin', 'oslo', 'rome']

/** What stations report, and the forecast, which takes its time. */
export class Stations {
  readonly #reports: Reports
  readonly #forecastTime: number

  constructor(reports: Reports, forecastTime: number) {
    this.#reports = reports
    this.#forecastTime = forecastTime
  }

  /** The weather in a city, or `undefined` when it has no station. */
  async weather(city: string): Promise<Weather | undefined> {
    if (!CITIES.includes(city)) return undefined
    await sleep(this.#forecastTime)
    const now = (await this.#reports.get(city)) ?? 10
    return { city, now, tomorrow: now + 1 }
  }

  /** Takes what a station reports, in degrees Celsius; gives whether there is such a station. */
  async report(city: string, degrees: number): Promise<boolean> {
    if (!CITIES.includes(city)) return false
    return this.#reports.set(city, degrees)
  }
}

import { setTimeout } from 'node:timers/promises'

export const CITIES = ['Oslo', 'Rome', 'Lima']

export interface Weather {
  city: string
  degrees: number
}

/** Stands in for the API of somebody else, which takes half a second for each answer. */
export async function askApi(city: string): Promise<Weather> {
  await setTimeout(500)
  return { city, degrees: 5 * city.length }
}

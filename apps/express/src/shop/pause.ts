import { setTimeout } from 'node:timers/promises'

/** Waits as long as a query to a slow database would take, in milliseconds. */
export async function pause(time: number): Promise<void> {
  if (time > 0) await setTimeout(time)
}

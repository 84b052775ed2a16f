import { setTimeout as delay } from 'node:timers/promises'

/** Waits until the condition holds; only the limit of the test ends it otherwise. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(1)
}

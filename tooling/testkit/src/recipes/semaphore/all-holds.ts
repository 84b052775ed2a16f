import type { Hold, Lock } from '../recipes.ts'

/** Takes and returns as many holds as the semaphore gives. */
export async function fill(semaphore: Lock): Promise<Hold[]> {
  const holds: Hold[] = []
  for (;;) {
    const hold = await semaphore.tryAcquire()
    if (hold === undefined) return holds
    holds.push(hold)
  }
}

/** Releases all of these. */
export async function empty(holds: readonly Hold[]): Promise<void> {
  await Promise.all(holds.map((hold) => hold.release()))
}

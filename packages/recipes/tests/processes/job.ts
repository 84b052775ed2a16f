import { once } from 'node:events'

/** The first message from the parent, without which the process ends. */
export async function job<T>(): Promise<T> {
  process.once('disconnect', () => process.exit())
  return hear<T>()
}

export async function hear<T>(): Promise<T> {
  const [message] = await once(process, 'message')
  return message as T
}

export function tell(message: unknown): void {
  process.send?.(message)
}

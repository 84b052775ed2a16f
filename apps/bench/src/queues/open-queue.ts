import { Cache } from '@diskcache/cache'
import { Deque } from '@diskcache/collections'
import { BareQueue } from './bare-queue.ts'

export type QueueKind = 'cache' | 'deque' | 'bare'

export interface Queue extends Disposable {
  push(value: string): void
  /** `undefined`: there is no item. */
  pull(): string | undefined
}

const PATIENCE = 60_000

/** Opens a queue that several processes may have open. */
export function openQueue(kind: QueueKind, path: string): Queue {
  switch (kind) {
    case 'cache':
      return cacheQueue(
        new Cache<string | number, string>(path, { timeout: PATIENCE, evictionPolicy: 'none' }),
      )
    case 'deque':
      return dequeQueue(new Deque<string>(path, { timeout: PATIENCE }))
    case 'bare':
      return new BareQueue(path)
  }
}

function cacheQueue(cache: Cache<string | number, string>): Queue {
  return {
    push: (value) => cache.push(value),
    pull: () => cache.pull()?.value,
    [Symbol.dispose]: () => cache.close(),
  }
}

function dequeQueue(deque: Deque<string>): Queue {
  return {
    push: (value) => deque.append(value),
    pull: () => deque.popLeft(),
    [Symbol.dispose]: () => deque[Symbol.dispose](),
  }
}

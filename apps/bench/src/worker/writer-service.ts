import { Cache } from '@diskcache/cache'
import { zipfRanks } from '../measuring/seeded-random.ts'
import { Workload } from '../measuring/workload.ts'
import type { Service } from './service.ts'

/** A writer on a directory; `rate` is of keys in a second, `seed` that of its draws, by Zipf's law. */
export interface WriterSettings {
  readonly directory: string
  readonly kind: ValueKind
  readonly keys: number
  readonly rate: number
  readonly seed: number
}

export type ValueKind = 'strings' | 'objects'

const ITEMS = Array.from({ length: 100 }, (_, i) => `item ${i}`)

/** Another value for each text: the text itself, or an object of a hundred items. */
export function valueFor(kind: ValueKind, text: string): unknown {
  return kind === 'strings' ? text : { text, items: ITEMS }
}

/** Sets one key after the other, each in a commit of its own, from `start` on until `stop`, which gives how many. */
export function writerService({ directory, kind, keys, rate, seed }: WriterSettings): Service {
  const cache = new Cache(directory)
  const { keyNames, values } = new Workload({ keys, bytes: 100 }, seed)
  const rank = zipfRanks(keys, seed)
  let written = 0
  let timer: NodeJS.Timeout | undefined

  function start(): void {
    const begin = performance.now()
    timer = setInterval(() => {
      const due = ((performance.now() - begin) * rate) / 1e3
      for (; written < due; written++) cache.set(keyNames[rank()] ?? '', valueFor(kind, values.next()))
    }, 1)
  }

  function stop(): number {
    clearInterval(timer)
    return written
  }

  return { commands: { open: () => cache.size, start, stop }, close: () => cache.close() }
}

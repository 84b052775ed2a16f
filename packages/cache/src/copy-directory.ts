import { join } from 'node:path'
import {
  checkBoolean,
  checkFunction,
  checkOptions,
  type DirectoryPath,
  Disk,
  directoryPath,
  isSliceOver,
  nextSlice,
  type Problem,
} from '@diskcache/core'
import {
  CacheDirectory,
  type CopiedDirectory,
  type CopiedStore,
  type CopyStep,
  copyStores,
  reportInThread,
} from '@diskcache/core/sqlite'
import { sqliteEngine } from './context/engine.ts'
import { ConsistencyCheck } from './upkeep/consistency-check.ts'
import { OrphanSweep } from './upkeep/orphan-sweep.ts'

/** The longest time to wait for other processes at a time, in milliseconds. */
const TIMEOUT_MS = 10_000

/** How a directory is copied. */
export interface CopyOptions {
  /** Whether a cache that is in the place of the copy is replaced, `false` unless given. */
  replace?: boolean | undefined
  /** Whether the copy is checked before it appears, as `check()` does, `true` unless given. All of it is read for that. */
  check?: boolean | undefined
  /** Ends the copy, of which nothing is left then. */
  signal?: AbortSignal | undefined
  /** Is called after each part that was done. */
  onProgress?: ((step: CopyStep) => void) | undefined
}

/** A store that was copied, and what `check()` finds in the copy. */
export type StoreCopied = Omit<CopiedStore<unknown>, 'finding'> & {
  /** What \`check()\` finds in the copy, and would have found in the source. */
  readonly problems: readonly Problem[]
}

/**
 * Copies a directory of a `Cache`, a `FanoutCache` with its named stores, a `Deque` or an `Index`, while other processes
 * write to it, to a new one, and resolves to the stores that were copied. Each of them, such as a shard, is copied as it is
 * at one moment: all entries of a transaction or none. The copy is made beside `target`, and has this name when it is
 * complete, checked, and on the disk. No codec is needed, nothing is written to the source, and a right to read it is enough.
 * Values whose files are removed while they are copied are looked for again at a later moment; as a last resort the lock for
 * writing is taken for as long as that takes, or, where this user has none or this thread has the directory open, the entries
 * are left out, and counted as `vanished`.
 *
 * @throws TypeError, RangeError for an unknown or illegal option
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT when the directory holds no cache, or a shard is missing; ERR_DISKCACHE_IO when something stands in the
 * place of the copy, or a file cannot be read or written; ERR_DISKCACHE_FULL, ERR_DISKCACHE_CORRUPT for a damaged database,
 * ERR_DISKCACHE_TIMEOUT when other processes never let it be read
 *
 * @example
 * ```ts
 * import { Cache, copyDirectory } from '@diskcache/cache'
 *
 * using cache = new Cache('cache-directory')
 * cache.set('key', 'value')
 * await copyDirectory('cache-directory', 'backup', { replace: true })
 * using backup = new Cache('backup', { readonly: true })
 * backup.get('key') // → 'value'
 * ```
 */
export async function copyDirectory(
  source: DirectoryPath,
  target: DirectoryPath,
  options: CopyOptions = {},
): Promise<StoreCopied[]> {
  checkOptions('the options of copyDirectory', options, ['replace', 'check', 'signal', 'onProgress'])
  const { replace = false, check = true, signal, onProgress = () => {} } = options
  checkBoolean('replace', replace)
  checkBoolean('check', check)
  checkFunction('onProgress', onProgress)
  signal?.throwIfAborted()
  const stores = await copyStores(directoryPath(source), directoryPath(target), {
    engine: sqliteEngine(),
    isReplacing: replace,
    timeout: TIMEOUT_MS,
    signal,
    look: async (copy) => (check ? problemsOf(copy, signal) : []),
    onProgress,
  })
  return stores.map(({ finding, ...store }) => ({ ...store, problems: finding }))
}

/** Checks a copy like `check()`, in slices, with any codec: what is stored is compared, and nothing decoded. */
async function problemsOf(
  { path, codec }: CopiedDirectory,
  signal: AbortSignal | undefined,
): Promise<Problem[]> {
  const engine = sqliteEngine()
  const directory = new CacheDirectory(path, {
    engine,
    settings: {},
    timeout: TIMEOUT_MS,
    readonly: true,
    disk: class extends Disk {
      static override readonly codec = codec
    },
    onCorrupt: 'quarantine',
    onUnsafe: 'ignore',
  })
  try {
    const report = await reportInThread(engine, join(path, 'cache.db'))
    const work = new ConsistencyCheck(directory, new OrphanSweep(directory, Date.now)).inSlices(false, report)
    for (;;) {
      signal?.throwIfAborted()
      const { done, value } = work.next()
      if (done) return value
      // Nobody changes the copy, so that no pause has to be kept.
      if (isSliceOver()) await nextSlice()
    }
  } finally {
    directory.close()
  }
}

import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AsyncStore } from '@diskcache/core'
import { openTarget } from '../../reading/targets/open-target.ts'
import type { Target, TargetOptions } from '../../reading/targets/target.ts'
import { Inspector } from './inspector.ts'

/** Nobody waits for this process but who has asked. */
const MOST_BYTES = 256 * 1024 ** 2

/** A directory or a Redis that the command looks into. */
export interface InspectedTarget extends AsyncDisposable {
  readonly inspector: Inspector
  readonly target: Target
  /** Why nothing can be changed; `undefined` when it can. */
  readonly readonlyReason: string | undefined
}

/**
 * Opens what has this name. It is read through a store that only reads, also where changes are allowed: what writes is
 * opened by the first change.
 *
 * @throws DiskCacheError for what is no cache, or cannot be read
 */
export async function inspectTarget(name: string, options: TargetOptions): Promise<InspectedTarget> {
  const target = await openTarget(name, { ...options, readonly: true })
  const readonlyReason = options.readonly ? '--readonly' : whyReadonly(target)
  const writer = new LateWriter(() => openTarget(name, options))
  const inspector = new Inspector(target, {
    writer: readonlyReason === undefined ? () => writer.open() : undefined,
    isNamed: false,
    mostBytes: MOST_BYTES,
  })
  const close = async () => {
    inspector.close()
    await writer.close()
    await target.close()
  }
  return { inspector, target, readonlyReason, [Symbol.asyncDispose]: close }
}

/** The store for changes, which is opened when there is one. */
class LateWriter {
  readonly #open: () => Promise<Target>
  #opening: Promise<Target> | undefined

  constructor(open: () => Promise<Target>) {
    this.#open = open
  }

  async open(): Promise<AsyncStore> {
    this.#opening ??= this.#open()
    try {
      return (await this.#opening).store
    } catch (error) {
      // Another process may have been busy: the next change tries again.
      this.#opening = undefined
      throw error
    }
  }

  async close(): Promise<void> {
    const target = await this.#opening?.catch(() => undefined)
    await target?.close()
  }
}

function whyReadonly({ kind, name }: Target): string | undefined {
  if (kind === 'redis') return undefined
  const parts = [
    name,
    ...readdirSync(name)
      .filter(isShard)
      .map((shard) => join(name, shard)),
  ]
  const databases = parts.map((part) => join(part, 'cache.db')).filter((file) => existsSync(file))
  try {
    for (const path of [...parts, ...databases]) accessSync(path, constants.W_OK)
    return undefined
  } catch {
    return 'this user may only read it'
  }
}

/** Returns whether a directory is named like a shard of a `FanoutCache`. */
function isShard(name: string): boolean {
  return /^\d{3}$/.test(name)
}

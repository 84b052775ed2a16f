import { appendFileSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import * as cacheExports from '@diskcache/cache'
import * as collections from '@diskcache/collections'
import { FanoutCache } from '@diskcache/fanout'
import * as recipes from '@diskcache/recipes'
import { FakeClock } from '@diskcache/testkit/memory'

const { Cache } = cacheExports
const { Deque, Index } = collections

const AsyncFunction = (async () => {}).constructor as new (
  ...code: string[]
) => (...values: unknown[]) => Promise<unknown>

/** Runs a piece of code on new caches and resolves to what its last expression gives, or to the error's code or name. */
export async function runClaim(code: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'diskcache-claims-'))
  const names = scopeOf(root)
  const at = code.lastIndexOf('; ') + 1
  const body = `${code.slice(0, at)}\nreturn (${code.slice(at)})`
  try {
    const result = await new AsyncFunction(...Object.keys(names), body)(...Object.values(names))
    return inspect(result, { breakLength: Infinity })
  } catch (error) {
    const { code, name } = error as { code?: string; name: string }
    return code ?? name
  } finally {
    for (const one of [names.cache, names.fanout, names.deque, names.index]) one.close()
    rmSync(root, { recursive: true, force: true })
  }
}

/** Returns what a piece of code finds: what the packages export, and new caches, on a clock that stands still. */
function scopeOf(root: string) {
  const clock = new FakeClock()
  return {
    ...{ ...cacheExports, ...collections, ...recipes, FanoutCache, clock, grow, lose },
    cache: new Cache(join(root, 'cache'), { clock: clock.now }),
    fanout: new FanoutCache(join(root, 'fanout'), { shards: 2, clock: clock.now }),
    deque: new Deque(join(root, 'deque'), { clock: clock.now }),
    index: new Index(join(root, 'index'), { clock: clock.now }),
    directory: () => mkdtempSync(join(root, 'other-')),
  }
}

function grow(cache: cacheExports.Cache): void {
  appendFileSync(valueFile(cache), '!')
}

function lose(cache: cacheExports.Cache): void {
  rmSync(valueFile(cache))
}

function valueFile({ directory }: cacheExports.Cache): string {
  const [name] = globSync('**/*.val', { cwd: directory })
  return join(directory, name as string)
}

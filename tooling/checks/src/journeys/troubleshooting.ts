import assert from 'node:assert/strict'
import { globSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NPM } from '../smoke/package-manager.ts'
import type { SmokeCheck } from '../smoke/smoke-check.ts'

/** Prints what goes wrong, as the page on troubleshooting tells readers to look at it. */
const PROGRAM = `
  try {
    const { Cache } = await import('@diskcache/cache')
    const cache = new Cache('cache-directory')
    cache.set('key', 'value')
    cache.close()
    console.log('works')
  } catch ({ code, cause }) {
    console.log(code, cause?.code)
  }
`

const TWO_BUILDS = `
  import { createRequire } from 'node:module'
  import { DiskCacheError } from '@diskcache/cache'

  const { Cache } = createRequire(import.meta.url)('@diskcache/cache')
  const cache = new Cache('cache-directory')
  cache.close()
  try {
    cache.get('key')
  } catch (error) {
    console.log(error instanceof DiskCacheError, error.code)
  }
`

/** That an installation which is broken in one of the ways that the page tells of says what the page says. */
export const TROUBLESHOOTING_CHECKS: readonly SmokeCheck[] = [
  {
    title: 'what a broken installation says',
    run: async (bench) => {
      const ours = ['@diskcache/cache']
      const { folder } = await bench.install({ title: 'troubleshooting', manager: NPM, ours })
      const says = async (program: string) => {
        writeFileSync(join(folder, 'program.mjs'), program)
        return (await bench.run(process.execPath, ['program.mjs'], folder)).stdout.trim()
      }
      const engine = join(folder, 'node_modules/better-sqlite3')

      assert.equal(await says(PROGRAM), 'works')
      assert.equal(await says(TWO_BUILDS), 'false ERR_DISKCACHE_CLOSED')
      const binaries = globSync('prebuilds/*.node', { cwd: engine }).map((path) => join(engine, path))
      for (const binary of binaries) writeFileSync(binary, 'of another system')
      assert.equal(await says(PROGRAM), 'ERR_DISKCACHE_ENGINE ERR_DLOPEN_FAILED')
      for (const binary of binaries) rmSync(binary)
      assert.equal(await says(PROGRAM), 'ERR_DISKCACHE_ENGINE MODULE_NOT_FOUND')
      renameSync(engine, `${engine}-away`)
      assert.equal(await says(PROGRAM), 'ERR_MODULE_NOT_FOUND undefined')
    },
  },
]

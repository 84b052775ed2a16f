const { deepEqual, equal, match, ok } = require('node:assert/strict')
const { mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { createKeyv } = require('@diskcache/adapters/keyv')
const { Cache } = require('@diskcache/cache')
const { FanoutCache } = require('@diskcache/fanout')
const { Lock } = require('@diskcache/recipes')
const { Keyv } = require('keyv')

async function main() {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-bundle-'))
  const cache = new Cache(join(directory, 'cache'))
  cache.set('key', { at: new Date(0) })
  deepEqual(cache.get('key'), { at: new Date(0) })
  const fanout = new FanoutCache(join(directory, 'fanout'), { shards: 2 })
  fanout.set('key', 2n ** 64n)
  equal(fanout.get('key'), 2n ** 64n)
  ok((await new Lock(cache, 'lock').run((hold) => hold.token)) > 0)
  await useKeyv(createKeyv(join(directory, 'keyv'), { Keyv }))
  await useOtherKeyv(join(directory, 'keyv'))
  fanout.close()
  cache.close()
  rmSync(directory, { recursive: true })
}

async function useKeyv(keyv) {
  await keyv.set('key', 1)
  equal(await keyv.get('key'), 1)
  await keyv.disconnect()
}

// Without the class, it is the one that stands beside the bundle, or an error that says what to do.
async function useOtherKeyv(directory) {
  if (process.argv.includes('with-keyv')) return useKeyv(createKeyv(directory))
  try {
    createKeyv(directory)
  } catch (error) {
    match(error.message, /hand its class in as the option Keyv/)
    return
  }
  throw new Error('createKeyv found a Keyv that is not there')
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** Fake timers of an application that is CommonJS stand in Node's modules, too; none of these ever comes. */
const PROGRAM = `
const timers = require('node:timers')
const promises = require('node:timers/promises')
const Database = require('better-sqlite3')
const { Cache } = require('@diskcache/cache')

for (const place of [globalThis, timers, promises]) {
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    place[name] = () => Object.assign(new Promise(() => {}), { unref: () => {} })
  }
}

async function main() {
  const cache = new Cache(undefined, { asyncTimeout: 30 })
  await cache.promises.set('k', 1)
  console.log(await cache.promises.get('k'))
  const database = new Database(cache.directory + '/cache.db')
  database.exec('BEGIN IMMEDIATE')
  console.log(await cache.promises.set('k', 2).catch((error) => error.code))
  database.close()
  cache.close()
}
main()
`

test('AsyncCache goes on, and waits no longer than it may, when it was required and timers are fake', async () => {
  const options = { cwd: import.meta.dirname, timeout: 60_000 }
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', PROGRAM], options)
  expect(stdout.split('\n')).toEqual(['1', 'ERR_DISKCACHE_TIMEOUT', ''])
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'

const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
const value = { name: 'Ada', born: new Date(0), tags: new Set(['a']), text: 'long '.repeat(20_000) }

const first = new Cache(directory)
first.set('person', value)
assert.deepEqual(first.get('person'), value)
first.close()

const second = new Cache(directory)
assert.deepEqual(second.get('person'), value)
assert.deepEqual(await second.promises.get('person'), value)
second.close()

rmSync(directory, { recursive: true })

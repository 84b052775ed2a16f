import { equal } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeyv } from '@diskcache/adapters/keyv'

const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
const keyv = createKeyv<number>(directory, { namespace: 'n', cache: { sizeLimit: 1_000_000 } })
await keyv.set('key', 1, 60_000)
const value: number | undefined = await keyv.get('key')
equal(value, 1)
await keyv.disconnect()
rmSync(directory, { recursive: true })

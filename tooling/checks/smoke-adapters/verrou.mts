import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VerrouStore } from '@diskcache/adapters/verrou'
import { E_LOCK_NOT_OWNED, Verrou } from '@verrou/core'

const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
const disk = new VerrouStore(directory, { sizeLimit: 1_000_000 })
const verrou = new Verrou({ default: 'disk', stores: { disk: { driver: disk } } })
const lock = verrou.createLock('key', '1m')
const [isDone, value]: [boolean, number | null] = await lock.run(async () => 1)
deepEqual([isDone, value], [true, 1])
equal(await lock.isLocked(), false)
const error: unknown = await lock.release().catch((error: unknown) => error)
ok(error instanceof E_LOCK_NOT_OWNED)
await disk.disconnect()
rmSync(directory, { recursive: true })

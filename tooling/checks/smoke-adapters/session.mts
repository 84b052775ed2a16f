import { equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SessionStore } from '@diskcache/adapters/session'
import session from 'express-session'

const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
const store = new SessionStore(directory, { ttl: 60_000, sizeLimit: 1_000_000 })
ok(store instanceof session.Store)
session({ store, secret: 'secret', resave: false, saveUninitialized: false })
await promisify(store.set.bind(store))('sid', { cookie: { originalMaxAge: null } })
const loaded = await promisify<string, session.SessionData | undefined>(store.load.bind(store))('sid')
equal(loaded?.cookie.maxAge, null)
await store.close()
rmSync(directory, { recursive: true })

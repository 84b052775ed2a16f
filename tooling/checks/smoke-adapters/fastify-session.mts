import { deepEqual } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SessionStore } from '@diskcache/adapters/session'
import cookie from '@fastify/cookie'
import session from '@fastify/session'
import Fastify from 'fastify'

declare module 'fastify' {
  interface Session {
    visits?: number
  }
}

const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
const store = new SessionStore(directory)
const app = Fastify()
await app.register(cookie)
await app.register(session, { store, secret: 'x'.repeat(32), cookie: { secure: false } })
app.get('/', async ({ session }) => {
  session.visits = (session.visits ?? 0) + 1
  return session.visits
})
const first = await app.inject('/')
const cookies = { sessionId: first.cookies[0]!.value }
deepEqual([first.json(), (await app.inject({ url: '/', cookies })).json()], [1, 2])
await app.close()
await store.close()
rmSync(directory, { recursive: true })

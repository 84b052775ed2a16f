import { join } from 'node:path'
import type { SessionData, Store } from 'express-session'
import type { PeerCalls } from '../peer.ts'
import { IN_MEMORY, type LibraryPeer, OURS } from './library-peer.ts'

const SESSIONS = { library: 'express-session' } as const

/** Longer than any measurement, in milliseconds. */
const LIFETIME = 3_600_000

export const OWN_SESSION_STORE: LibraryPeer = {
  ...SESSIONS,
  name: 'SessionStore',
  own: true,
  guarantees: OURS,
  settings: 'on a directory, with default settings',
  shared: true,
  async open({ directory, ...options }) {
    const { SessionStore } = await import('@diskcache/adapters/session')
    const store = new SessionStore(directory, limitOf(options))
    return sessionsIn(store, () => store.close())
  },
}

export const SESSION_MEMORY: LibraryPeer = {
  ...SESSIONS,
  name: 'MemoryStore',
  guarantees: { ...IN_MEMORY, expiry: true, sizeLimit: 'none', room: 'kept until it is asked for' },
  settings: 'express-session’s default, which it warns of in production',
  shared: false,
  async open() {
    const { MemoryStore } = (await import('express-session')).default
    return sessionsIn(new MemoryStore())
  },
}

export const SESSION_FILES: LibraryPeer = {
  ...SESSIONS,
  name: 'session-file-store',
  guarantees: {
    expiry: true,
    sizeLimit: 'none',
    processes: true,
    kept: true,
    crashSafe: true,
    atomic: 'a touch undoes a set',
    room: 'freed by a timer in each process, hourly',
  },
  settings: 'default settings, without its log; a file for each session, which is replaced by a new one',
  shared: true,
  async open({ directory }) {
    const { default: session } = await import('express-session')
    const { default: fileStore } = await import('session-file-store')
    const FileStore = fileStore(session)
    return sessionsIn(new FileStore({ path: join(directory, 'sessions'), logFn: () => {} }))
  },
}

function limitOf({ sizeLimit }: { readonly sizeLimit?: number }): { sizeLimit?: number } {
  return sizeLimit === undefined ? {} : { sizeLimit }
}

type Done<T> = (error?: unknown, result?: T) => void

/** A value is what somebody put into a session. */
function sessionsIn(store: Store, close = () => {}): PeerCalls {
  const setExpiring = (key: string, value: string, ttl: number) =>
    settled<void>((done) => store.set(key, sessionWith(value, ttl), done))
  return {
    get: async (key) => {
      const session = await settled<SessionData | null>((done) => store.get(key, done))
      return (session as { value?: string } | null | undefined)?.value
    },
    set: (key, value) => setExpiring(key, value, LIFETIME),
    setExpiring,
    touch: (key) => settled<void>((done) => store.touch?.(key, sessionWith('', LIFETIME), () => done())),
    close,
  }
}

function settled<T>(call: (done: Done<T>) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result)))
  })
}

function sessionWith(value: string, ttl: number): SessionData {
  const cookie = { originalMaxAge: ttl, expires: new Date(Date.now() + ttl), httpOnly: true, path: '/' }
  return { cookie, value } as unknown as SessionData
}

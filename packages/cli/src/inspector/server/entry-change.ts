import type { AsyncStore } from '@diskcache/core'
import type { Changed } from '../protocol/api.ts'
import { Refusal } from './http/refusal.ts'
import { askedKey } from './looking/asked-key.ts'
import { askedTag } from './looking/asked-tag.ts'

type Body = Readonly<Record<string, unknown>>
type Action = (store: AsyncStore, body: Body) => Promise<number | boolean>

/** What can be done to entries, by the last part of its address. */
const ACTIONS: Readonly<Record<string, Action>> = {
  delete: (store, body) => store.delete(keyOf(body)),
  touch: (store, body) => store.touch(keyOf(body), { ttl: ttlOf(body) }),
  pin: pinEntry,
  evict: (store, body) => store.evict(askedTag(textOf(body, 'tag'))),
}

/** Returns whether there is such a change. */
export function isChange(action: string): boolean {
  return Object.hasOwn(ACTIONS, action)
}

/** Makes a change, and tells how many entries it has changed. */
export async function changeEntries(store: AsyncStore, action: string, body: Body): Promise<Changed> {
  if (body.action !== undefined && body.action !== action) {
    throw new Refusal(400, 'Cannot use action: it is not that of the address')
  }
  return { entries: Number(await ACTIONS[action]?.(store, body)) }
}

async function pinEntry(store: AsyncStore, body: Body): Promise<boolean> {
  const { pin } = body
  if (typeof pin !== 'boolean') throw new Refusal(400, 'Cannot use pin: expected true or false')
  const entry = await store.update(keyOf(body), (found) =>
    found === undefined ? { keep: true } : { set: found.value, pin },
  )
  return entry !== undefined
}

function keyOf(body: Body) {
  return askedKey(textOf(body, 'id'))
}

function ttlOf({ ttl }: Body): number {
  if (ttl === null) return Infinity
  if (typeof ttl === 'number' && ttl >= 0) return ttl
  throw new Refusal(400, 'Cannot use ttl: expected milliseconds, or null for ever')
}

function textOf(body: Body, name: string): string {
  const text = body[name]
  if (typeof text === 'string') return text
  throw new Refusal(400, `Cannot use ${name}: expected a string`)
}

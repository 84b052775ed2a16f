import { readdirSync, readlinkSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Problem } from '@diskcache/cache'
import { laterClock } from '../../../../../packages/cache/tests/processes/soundness.ts'
import { type Opening, type Operation, stateBefore } from './operations.ts'
import type { State } from './state.ts'
import { type AnyStore, openStore } from './store-template.ts'

/** An operation, or an opening. */
export type Tried = Pick<
  Partial<Operation & Opening>,
  'changes' | 'gives' | 'inParts' | 'runsOnce' | 'takesFirst' | 'ofShards' | 'on'
>

export type Ending = { readonly value: unknown } | { readonly error: unknown }

/** How long an object may need to recover, in milliseconds: it looks whether the directory is the same once a second. */
const PATIENCE = 1_500

type Verdict = { readonly [kind in 'lost' | 'done' | 'half' | 'dropped' | 'evicted']?: string }

/** What is in a directory, as a newcomer reads it. */
export function readState(directory: string, tried: Tried): State {
  using store = openStore(tried.ofShards === true, directory)
  const keys = Object.keys({ ...stateBefore(tried), ...tried.changes })
  return Object.fromEntries(keys.map((key) => [key, plain(store.get(key))]))
}

/** Judges what is there after an operation by how it ended. On a full disk, other entries may have made room. */
export function judgeState(tried: Tried, ending: Ending, state: State, isFull: boolean): Verdict {
  const { changes = {}, inParts } = tried
  const before: State = stateBefore(tried)
  const after: State = { ...before, ...changes }
  const evicted = Object.keys(state).filter((key) => isFull && !(key in changes) && state[key] === undefined)
  const keys = Object.keys(state).filter((key) => !evicted.includes(key))
  const isAll = (...wanted: State[]) =>
    keys.every((key) =>
      isOneOf(
        state[key],
        wanted.map((one) => one[key]),
      ),
    )
  const remark = evicted.some((key) => before[key] !== undefined) ? { evicted: evicted.join(', ') } : {}
  if ('value' in ending && ending.value !== false) {
    if (isAll(after)) return remark
    return isAll(before) ? { lost: differences(state, after) } : { half: differences(state, after) }
  }
  if (isAll(before) || (inParts && isAll(before, after))) return remark
  const gone: State = {
    ...before,
    ...Object.fromEntries(Object.keys(changes).map((key) => [key, undefined])),
  }
  const isDropped = isFull ? isAll(before, gone, inParts ? after : before) : isAll(gone) && !isAll(after)
  if (isDropped || (tried.takesFirst && isAll(after)))
    return { ...remark, dropped: differences(state, before) }
  return isAll(after) ? { done: differences(state, before) } : { half: differences(state, before) }
}

/** Judges what a read gave. */
export function judgeResult(tried: Tried, ending: Ending): { wrong?: string; missed?: string } {
  if (!('value' in ending) || tried.gives === undefined) return {}
  if (isDeepStrictEqual(plain(ending.value), tried.gives)) return {}
  const isMiss =
    ending.value === undefined || (Array.isArray(ending.value) && ending.value.includes(undefined))
  return isMiss ? { missed: 'it found nothing' } : { wrong: `it gave ${show(ending.value)}` }
}

/** Why an object cannot be used any more; `undefined` when it can. */
export async function whyUnusable(store: AnyStore): Promise<string | undefined> {
  const deadline = performance.now() + PATIENCE
  for (let i = 0; ; i++) {
    try {
      if (store.set('probe', i) && store.get('probe') === i && (await store.promises.get('probe')) === i)
        return
      if (performance.now() > deadline) return 'a write is not kept'
    } catch (error) {
      if (performance.now() > deadline) return describeError(error)
    }
    await setTimeout(50)
  }
}

/** What `check` finds an hour later, after it has fixed what it found. */
export function whyUnsound(directory: string, tried: Tried): string | undefined {
  try {
    using store = openStore(tried.ofShards === true, directory, { clock: laterClock })
    store.check({ fix: true })
    const problems: Problem[] = store.check()
    return problems.length === 0 ? undefined : problems.map(({ message }) => message).join('; ')
  } catch (error) {
    return describeError(error)
  }
}

/** The files of a directory that this process has open, each as its descriptor and path. */
export function openFilesIn(directory: string): string[] {
  return readdirSync('/proc/self/fd')
    .map((descriptor) => `${descriptor} ${pathOf(descriptor)}`)
    .filter((file) => file.includes(` ${directory}/`))
}

export function isTyped(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('ERR_DISKCACHE_')
}

export function describeError(error: unknown): string {
  const { code, name, message } = error as Error & { code?: string }
  return `${code ?? name}: ${message}`.slice(0, 300)
}

function isOneOf(value: unknown, allowed: unknown[]): boolean {
  return allowed.some((one) => isDeepStrictEqual(value, one))
}

function differences(state: State, wanted: State): string {
  const keys = Object.keys(state).filter((key) => !isDeepStrictEqual(state[key], wanted[key]))
  return keys.map((key) => `${key} is ${show(state[key])}`).join(', ')
}

/** Bytes may come as a Buffer. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  return value instanceof Uint8Array
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : value
}

function show(value: unknown): string {
  return value instanceof Uint8Array ? `${value.length} bytes` : String(JSON.stringify(value)).slice(0, 60)
}

function pathOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return ''
  }
}

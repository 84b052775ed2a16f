import { Mode } from '@diskcache/core'
import { expect, test } from 'vitest'
import { Background } from '../../server/background.ts'
import type { Connection } from '../../server/connection.ts'
import { DeadlineWatch } from '../../server/deadline.ts'
import type { Link } from '../../server/link/link.ts'
import { Operations } from '../order/operations.ts'
import { NearMemory } from './near-memory.ts'

const NEVER = 2 ** 31
const ENTRY = { version: 'v', mode: Mode.raw, data: 'value', rest: undefined }

/** A memory with a connection of which is set here what it proves. */
function arrange({ staleness = NEVER } = {}) {
  const link = { isUp: true, answeredUntil: -Infinity, toldUntil: -Infinity, asked: 0, send }
  const state = { link: link as unknown as Link | undefined }
  const connection = { linkOf: () => state.link } as unknown as Connection
  const watch = new DeadlineWatch(10_000)
  const parts = {
    connection,
    operations: new Operations(watch, { time: 0 }),
    background: new Background(watch, 'test'),
  }
  const memory = new NearMemory({ maxBytes: 10_000, staleness, share: 'copies' }, parts)
  /** All is proved until now. */
  const prove = () => Object.assign(link, { answeredUntil: performance.now(), toldUntil: performance.now() })
  const read = (during = () => {}) => {
    const reading = memory.begin('key')
    during()
    memory.keep('key', ENTRY, 'value', { reading, timeToLive: -1 })
    memory.end('key', reading)
  }
  const isThere = () => memory.find('key') !== undefined
  return { memory, link, state, prove, read, isThere }

  async function send(): Promise<number> {
    link.asked++
    return 1
  }
}

test('NearMemory answers when something was answered after what it read, and told until short before', async () => {
  const { link, prove, read, isThere, memory } = arrange({ staleness: 1_000 })
  prove()
  read()
  expect(isThere()).toBe(false)
  link.answeredUntil = performance.now()
  expect(isThere()).toBe(true)
  link.toldUntil -= 1_001
  expect(isThere()).toBe(false)
  prove()
  expect(isThere()).toBe(true)
  memory.distrust()
  expect(isThere()).toBe(false)
  prove()
  expect(isThere()).toBe(true)
})

test('NearMemory keeps nothing that may have changed while it was read', async () => {
  const { memory, state, prove, read, isThere } = arrange()
  const changes = [
    () => memory.forget('key'),
    () => memory.clear(),
    () => {
      // Another read has begun meanwhile, and may see something else.
      memory.begin('key')
    },
    () => {
      state.link = undefined
    },
  ]
  for (const change of changes) {
    read(change)
    prove()
    expect(isThere()).toBe(false)
  }
})

test('NearMemory answers nothing over a connection that is lost, or another one', async () => {
  const { link, state, prove, read, isThere } = arrange()
  read()
  prove()
  expect(isThere()).toBe(true)
  link.isUp = false
  expect(isThere()).toBe(false)
  link.isUp = true
  state.link = { ...link } as unknown as Link
  expect(isThere()).toBe(false)
})

test('NearMemory asks before what it was told is too old, by two commands for all', async () => {
  const { link, prove, read, isThere } = arrange({ staleness: 10_000 })
  read()
  prove()
  expect(isThere()).toBe(true)
  expect(link.asked).toBe(0)
  link.toldUntil -= 6_000
  expect([isThere(), isThere(), isThere()]).toEqual([true, true, true])
  await expect.poll(() => link.asked).toBe(2)
  expect(link.asked).toBe(2)
})

test('NearMemory believes nothing when it may not ask', async () => {
  const { link, prove, read, isThere } = arrange({ staleness: 10_000 })
  read()
  prove()
  link.send = () => Promise.reject(new Error('MOVED 1 127.0.0.1:1'))
  link.toldUntil -= 6_000
  expect(isThere()).toBe(true)
  await expect.poll(isThere).toBe(false)
})

test('NearMemory answers with what was lost only where it may be old, until it is read again', async () => {
  const { memory, link, prove, read, isThere } = arrange()
  const isStale = () => memory.findStale('key')?.source.version
  const confirm = (during = () => {}) => {
    const reading = memory.begin('key')
    during()
    const kept = memory.confirm('key', 'v', reading)
    memory.end('key', reading)
    return kept
  }
  expect(isStale()).toBeUndefined()
  read()
  prove()
  link.isUp = false
  expect([isThere(), isStale()]).toEqual([false, 'v'])
  memory.lose()
  link.isUp = true
  prove()
  expect([isThere(), isStale()]).toEqual([false, 'v'])
  expect(confirm(() => memory.lose())).toBeUndefined()
  prove()
  expect([isThere(), isStale()]).toEqual([false, 'v'])
  expect(confirm()?.source.version).toBe('v')
  expect(isThere()).toBe(false)
  prove()
  expect([isThere(), isStale()]).toEqual([true, 'v'])
  memory.forgetLost()
  expect(isStale()).toBe('v')
  memory.lose()
  memory.forgetLost()
  expect(isStale()).toBeUndefined()
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AsyncStore, Store } from '@diskcache/core'
import keyvTestSuite, { keyvIteratorTests } from '@keyv/test-suite'
import { Keyv, type KeyvOptions } from 'keyv'
import * as vitest from 'vitest'
import { createKeyv } from '../../src/keyv/create-keyv.ts'
import { KeyvStore } from '../../src/keyv/keyv-store.ts'
import { COMPRESSION } from './compression.ts'
import type { EngineOf } from './engines.ts'

const { afterAll, beforeAll, describe, expect } = vitest

/** The suite has the types of a vitest of its own. */
const test = vitest as unknown as Parameters<typeof keyvTestSuite>[0]

class CompressingKeyv extends Keyv {
  constructor(options: KeyvOptions = {}) {
    super({ ...options, compression: COMPRESSION })
  }
}

/** Makes what `createKeyv` makes, for the suite, which calls a constructor. */
function KeyvOfCreate({ store = new Map(), ...options }: KeyvOptions = {}): Keyv {
  return store instanceof KeyvStore
    ? createKeyv(stores.get(store)!, options)
    : new Keyv({ store, ...options })
}

const stores = new WeakMap<KeyvStore, Store | AsyncStore>()

const CLASSES = [
  { name: 'Keyv 5', Class: Keyv },
  { name: 'Keyv 5 that compresses', Class: CompressingKeyv },
  { name: 'createKeyv()', Class: KeyvOfCreate as unknown as typeof Keyv },
]

/** The tests that Keyv publishes, at the version for Keyv 5. */
export function keyv5Suite(engine: EngineOf<Store | AsyncStore>): void {
  for (const { name, Class } of CLASSES) {
    describe(`KeyvStore: the suite of Keyv 5, ${name} over ${engine.name}`, () => {
      const directory = mkdtempSync(join(tmpdir(), 'diskcache-keyv-'))
      let store: Store | AsyncStore

      beforeAll(() => {
        store = engine.open(directory)
      })

      afterAll(async () => {
        expect(await store.check()).toEqual([])
        await store.close()
        rmSync(directory, { recursive: true })
      })

      const open = () => {
        const opened = new KeyvStore(store)
        stores.set(opened, store)
        return opened
      }
      keyvTestSuite(test, Class, open)
      keyvIteratorTests(test, Class, open)
    })
  }
}

import { deepEqual, equal } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'

type Person = { name: string; born: Date }

const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
const value: Person = { name: 'Ada', born: new Date(0) }

const first = new Cache<string, Person>(directory)
first.set('person', value)
first.close()

const second = new Cache<string, Person>(directory)
const found: Person | undefined = second.get('person')
deepEqual(found, value)
equal(second.get('nobody')?.name, undefined)
// @ts-expect-error a number is not a Person: proof that the type argument arrives
second.set('person', 1)
second.close()

rmSync(directory, { recursive: true })

import { existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { afterAll, describe, expect } from 'vitest'
import type { Operation } from './hostile/exercise.ts'
import { Exerciser } from './hostile/exerciser.ts'
import { FILE_CASES, NAME } from './hostile/file-cases.ts'
import { endOf, expectTyped, SECRET, snapshot, hostileTest as test } from './hostile/hostile-test.ts'
import { bombOf, packSparse } from './hostile/bombs.ts'
import { craft, insertRow, makeCache, storeSetting } from './hostile/raw-database.ts'
import { SCHEMA_CASES } from './hostile/schema-cases.ts'
import { ILLEGAL_SETTINGS, ODD_SETTINGS } from './hostile/setting-cases.ts'
import { STATE_CASES } from './hostile/state-cases.ts'
import { VALUE_CASES } from './hostile/value-cases.ts'

const exerciser = new Exerciser()

afterAll(() => exerciser[Symbol.dispose]())

const FORMAT = 'ERR_DISKCACHE_FORMAT'

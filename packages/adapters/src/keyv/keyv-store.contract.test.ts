import { keyvCompresstionTests } from '@keyv/test-suite'
import * as vitest from 'vitest'
import { COMPRESSION } from '../../tests/keyv/compression.ts'
import { ENGINES } from '../../tests/keyv/engines.ts'
import { keyv5Suite } from '../../tests/keyv/keyv-5-suite.ts'

for (const engine of ENGINES) keyv5Suite(engine)

vitest.describe('the compression that these tests use: the suite of Keyv 5', () => {
  keyvCompresstionTests(vitest as unknown as Parameters<typeof keyvCompresstionTests>[0], COMPRESSION)
})

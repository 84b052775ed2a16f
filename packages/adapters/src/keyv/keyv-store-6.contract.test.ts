import { ENGINES } from '../../tests/keyv/engines.ts'
import { keyvStore6Suite } from '../../tests/keyv/keyv-store-6-suite.ts'

for (const engine of ENGINES) keyvStore6Suite(engine)

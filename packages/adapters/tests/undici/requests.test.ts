import { requestsSuite } from './requests-suite.ts'
import { ENGINES } from './undici-test.ts'

for (const engine of ENGINES) requestsSuite(engine)

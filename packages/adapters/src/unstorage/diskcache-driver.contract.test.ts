import { ENGINES } from '../../tests/unstorage/engines.ts'
import { storageSuite } from '../../tests/unstorage/storage-suite.ts'

for (const engine of ENGINES) storageSuite(engine)

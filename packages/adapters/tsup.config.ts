import { packageBuild } from '../../tooling/build/package-build.ts'

export default packageBuild({
  'bentocache/index': 'src/bentocache/index.ts',
  'express/index': 'src/express/index.ts',
  'fastify/index': 'src/fastify/index.ts',
  'http/index': 'src/http/index.ts',
  'keyv/index': 'src/keyv/index.ts',
  'keyv/imported-keyv': 'src/keyv/imported-keyv.ts',
  'nest/index': 'src/nest/index.ts',
  'next/edge': 'src/next/edge/edge-handlers.ts',
  'next/index': 'src/next/index.ts',
  'rate-limit/index': 'src/rate-limit/index.ts',
  'unstorage/index': 'src/unstorage/index.ts',
  'session/index': 'src/session/index.ts',
  'undici/index': 'src/undici/index.ts',
  'verrou/index': 'src/verrou/index.ts',
  'web/index': 'src/web/index.ts',
})

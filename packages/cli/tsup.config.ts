import { packageBuild } from '../../tooling/build/package-build.ts'

export default packageBuild({
  main: 'src/main.ts',
  'express/index': 'src/express/index.ts',
  'fastify/index': 'src/fastify/index.ts',
})

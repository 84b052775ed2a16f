import { packageBuild } from '../../tooling/build/package-build.ts'

/** msgpackr would bring an optional native module with an install script, which pnpm refuses. */
export default packageBuild(
  { index: 'src/index.ts', 'sqlite/index': 'src/sqlite/index.ts' },
  { noExternal: ['msgpackr'] },
)

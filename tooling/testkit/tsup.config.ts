import { packageBuild } from '../../tooling/build/package-build.ts'

const DOORS = {
  index: 'src/index.ts',
  'memory/index': 'src/memory/index.ts',
  'recipes/index': 'src/recipes/index.ts',
}

/** The program of the second process is beside them, and has no types. */
export default packageBuild(
  { ...DOORS, 'second-process-child': 'src/second-process-child.ts' },
  { dts: { entry: DOORS } },
)

/**
 * Adds to the modules in `dist` of the package in the working directory, file by file, the same in CommonJS, and to their
 * types those for `require`. With arguments, such as `memory/index`, only to these doors and to what they need.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { build, type Plugin } from 'esbuild'
import { withWhatTheyNeed } from './with-what-they-need.ts'

/** A file of the package stands for its twin; everything else is required by its name. */
const TWINS: Plugin = {
  name: 'twins',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ kind, path }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.js$/, '.cjs'), external: true },
    )
  },
}

const doors = process.argv.slice(2)

function filesEndingIn(extension: '.js' | '.d.ts'): string[] {
  if (doors.length === 0) return globSync(`dist/**/*${extension}`)
  return withWhatTheyNeed(
    doors.map((door) => `dist/${door}${extension}`),
    extension,
  )
}

await build({
  entryPoints: filesEndingIn('.js'),
  outdir: 'dist',
  outbase: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  packages: 'external',
  plugins: [TWINS],
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  sourcemap: true,
  define: { 'import.meta.url': 'undefined' },
  logLevel: 'warning',
})

for (const path of filesEndingIn('.d.ts')) {
  const types = readFileSync(path, 'utf8').replace(/(['"]\.\.?\/[^'"]*)\.js(['"])/g, '$1.cjs$2')
  writeFileSync(path.replace(/\.ts$/, '.cts'), types)
}

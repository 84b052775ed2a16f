/**
 * Adds to the modules in `dist` of the package in the working directory, file by file, the same in CommonJS, and to their
 * types those for `require`.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { build, type Plugin } from 'esbuild'

/** A file of the package stands for its twin; everything else is required by its name. */
const TWINS: Plugin = {
  name: 'twins',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ kind, path }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.js$/, '.cjs'), external: true },
    )
  },
}

await build({
  entryPoints: globSync('dist/**/*.js'),
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

for (const path of globSync('dist/**/*.d.ts')) {
  const types = readFileSync(path, 'utf8').replace(/(['"]\.\.?\/[^'"]*)\.js(['"])/g, '$1.cjs$2')
  writeFileSync(path.replace(/\.ts$/, '.cts'), types)
}

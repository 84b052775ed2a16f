/** Builds the page of the inspector: one script and one style sheet in `dist/page`, which need nothing else. */
import { build } from 'esbuild'

await build({
  entryPoints: ['src/inspector/page/main.tsx', 'src/inspector/page/page.css'],
  outdir: 'dist/page',
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
})

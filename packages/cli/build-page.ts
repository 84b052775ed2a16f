/** Builds the page of the inspector: one script, one style sheet and an icon in `dist/page`, which need nothing else. */
import { build } from 'esbuild'

await build({
  entryPoints: ['main.tsx', 'page.css', 'icon.svg'].map((name) => `src/inspector/page/${name}`),
  loader: { '.svg': 'copy' },
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

import { defineConfig } from 'tsup'

/** Built apart, so that the types of one framework are not needed for the adapter of another. */
const ADAPTERS = ['keyv', 'nest', 'express']

export default defineConfig(
  ADAPTERS.map((adapter) => ({
    entry: [`src/${adapter}/index.ts`],
    outDir: `dist/${adapter}`,
    format: ['esm', 'cjs'],
    target: 'node22',
    dts: true,
    clean: true,
    sourcemap: true,
    shims: true,
  })),
)

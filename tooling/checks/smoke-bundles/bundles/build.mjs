// Bundles `app`: node build.mjs BUNDLER INPUT FORMAT FOLDER. Format is `esm` or `cjs`. Fails on a warning, too.

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'

const [bundler, input, format, folder] = process.argv.slice(2)
const SQLITE = 'better-sqlite3'
const isModule = format === 'esm'
const file = join(resolve(folder), isModule ? 'bundle.mjs' : 'bundle.cjs')
mkdirSync(folder, { recursive: true })

const BUNDLERS = {
  async esbuild() {
    const { build } = await import('esbuild')
    const { warnings } = await build({
      ...{ entryPoints: [input], outfile: file, external: [SQLITE], format },
      ...{ bundle: true, platform: 'node', logLevel: 'silent' },
    })
    return warnings.map(({ text }) => text)
  },

  async rollup() {
    const { rollup } = await import('rollup')
    const { default: nodeResolve } = await import('@rollup/plugin-node-resolve')
    const { default: commonjs } = await import('@rollup/plugin-commonjs')
    const warnings = []
    const bundle = await rollup({
      input,
      external: [SQLITE],
      plugins: [nodeResolve({ exportConditions: ['node'], preferBuiltins: true }), commonjs()],
      onwarn: ({ message }) => warnings.push(message),
    })
    await bundle.write({ file, format: isModule ? 'es' : 'cjs' })
    return warnings
  },

  async webpack() {
    const { default: webpack } = await import('webpack')
    const output = { path: resolve(folder), filename: isModule ? 'bundle.mjs' : 'bundle.cjs' }
    const config = {
      ...{ mode: 'production', target: 'node22', entry: resolve(input) },
      externals: { [SQLITE]: `${isModule ? 'module' : 'commonjs'} ${SQLITE}` },
      output: isModule ? { ...output, module: true, chunkFormat: 'module' } : output,
      experiments: { outputModule: isModule },
    }
    const stats = await new Promise((done, fail) => {
      webpack(config, (error, result) => (error ? fail(error) : done(result)))
    })
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true })
    return [...errors, ...warnings].map(({ message }) => message)
  },

  // Its output is in the format that the input's name says. better-sqlite3 finds its binary through __dirname, and so can be
  // embedded in CommonJS only.
  async ncc() {
    const source = isModule || input.endsWith('.cjs') ? input : 'app.js'
    if (source !== input) copyFileSync(input, source)
    const words = ['build', source, '--out', folder, ...(isModule ? ['--external', SQLITE] : [])]
    const { status, stdout, stderr } = spawnSync('../node_modules/.bin/ncc', words, { encoding: 'utf8' })
    if (status !== 0) return [stdout + stderr]
    copyFileSync(join(folder, `index${extname(source)}`), file)
    return []
  },
}

const problems = await BUNDLERS[bundler]()
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0

/** Says at once what comes, builds the packages that the demo uses, if they are not built, and runs it. */
import { parseArgs } from 'node:util'
import { buildPackages } from './build-packages.ts'
import { introduction } from './introduction.ts'
import { say } from './output/say.ts'

try {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } })
  say(introduction())
  await buildPackages(say)
  // It imports what may have been built only now.
  const { runDemo } = await import('./demo.ts')
  await runDemo({ isFresh: values.fresh })
} catch (error) {
  console.error(`The demo failed. ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}

/** Says of what `tsconfig.commonjs.json` compiles that it is CommonJS, in a package whose sources are ES modules. */
import { writeFileSync } from 'node:fs'

writeFileSync(
  new URL('./dist/commonjs/package.json', import.meta.url),
  `${JSON.stringify({ type: 'commonjs' })}\n`,
)

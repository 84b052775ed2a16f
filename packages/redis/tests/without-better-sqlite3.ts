import { registerHooks } from 'node:module'

/** For `--import`: as on a machine where better-sqlite3 is not installed. */
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('better-sqlite3')) throw new Error('better-sqlite3 is not installed here')
    return next(specifier, context)
  },
})

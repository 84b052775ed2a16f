import { KNOWN_FIELDS } from '../../src/http/rules/known-fields.ts'
import { FOR_ALL, type LeakScenario, secretOf, userOf } from './leak-scenarios.ts'

/** What users send that differs from one to the next, where a field has a form of its own. */
const VALUES: Readonly<Record<string, (user: string) => string>> = {
  forwarded: (user) => `for=192.0.2.1;host=${user}.example`,
}

/**
 * An application that answers each user otherwise, and knows them by one of the fields that proxies add: by those that say
 * who asks, and by those that tell variants apart. It says of none of them that it does, and that its answers are for all.
 */
export const LEAK_FIELDS: readonly LeakScenario[] = KNOWN_FIELDS.filter(
  ({ is }) => is !== 'address' && is !== 'trace',
).flatMap(({ by, is, names }) =>
  names.map((pattern) => {
    const name = pattern.replace('*', 'x')
    const valueFor = VALUES[name] ?? ((user: string) => `${user}=1`)
    return {
      name: `${name} of ${by}, ${is}`,
      sends: (user) => (user === 'nobody' ? {} : { [name]: valueFor(user) }),
      reply: (request) => ({ headers: { 'Cache-Control': FOR_ALL }, body: secretOf(userOf(request)) }),
    }
  }),
)

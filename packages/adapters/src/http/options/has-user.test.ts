import { expect, test } from 'vitest'
import { hasUser } from './has-user.ts'

const TRACES: readonly (readonly [request: object, response?: object])[] = [
  ...['user', 'session', 'auth', 'currentUser', 'userContext', 'ntlm', 'sso'].map(
    (name) => [{ [name]: {} }] as const,
  ),
  ...['user', 'session', 'ntlm'].map((name) => [{}, { locals: { [name]: {} } }] as const),
  ...['user', 'ntlm', 'sso'].map((name) => [{ socket: { [name]: 'ada' } }] as const),
  [{ user: '' }],
]

test.for(TRACES)('hasUser() finds what a login leaves: %o', ([request, response]) => {
  expect(hasUser(request, response)).toBe(true)
})

test('hasUser() finds nobody where none is, or is null', () => {
  const sides = [undefined, null, {}, { user: null, session: undefined, socket: null, locals: null }]
  for (const request of sides) for (const response of sides) expect(hasUser(request, response)).toBe(false)
})

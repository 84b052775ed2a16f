import { expect, test } from 'vitest'
import { FieldRules } from './field-rules.ts'
import { KNOWN_FIELDS } from './known-fields.ts'
import { isNamePattern } from './name-patterns.ts'

const NONE = { exempt: [], personal: [], vary: [] }
const RULES = new FieldRules(NONE)

const MEANINGS = {
  identity: 'identity',
  target: 'implied',
  place: 'implied',
  device: 'implied',
  gateway: 'implied',
  address: 'none',
  trace: 'none',
}

for (const { by, is, names } of KNOWN_FIELDS)
  test(`FieldRules knows the fields of ${by}: ${is} ${names[0]}`, () => {
    for (const name of names)
      expect([name, RULES.meaningOf(name.replace('*', 'x'))]).toEqual([name, MEANINGS[is]])
  })

test('KNOWN_FIELDS has each field once, in lower case, and what is of no interest by its full name', () => {
  const names = KNOWN_FIELDS.flatMap((row) => row.names)
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  expect(names.filter((name) => name !== name.toLowerCase() || !isNamePattern(name))).toEqual([])
  const harmless = KNOWN_FIELDS.filter(({ is }) => MEANINGS[is] === 'none').flatMap((row) => row.names)
  expect(harmless.filter((name) => name.includes('*'))).toEqual([])
})

test('FieldRules takes what merely looks like a field of a proxy for what its name sounds like', () => {
  for (const name of ['x-cf-visitor', 'cf-visitor-id', 'x-nf-account-id-2', 'x-b3-user', 'x'.repeat(300)])
    expect(RULES.meaningOf(name)).toBe('identity')
  for (const name of ['baggage', 'x-test-who', 'accept-language']) expect(RULES.meaningOf(name)).toBe('none')
})

test('FieldRules tells places apart by the names of fields', () => {
  for (const name of [
    'x-country-code',
    'x-geoip-country',
    'x-geo-city',
    'cdn-country',
    'x-region',
    'x-timezone',
  ])
    expect([name, RULES.meaningOf(name)]).toEqual([name, 'implied'])
})

test('FieldRules tells tenants apart, and knows who acts for another, by the names of fields', () => {
  for (const name of [
    'x-tenant',
    'x-tenant-id',
    'tenantid',
    'x-org-id',
    'x-organisation',
    'x-workspace-id',
    'x-shop',
  ])
    expect([name, RULES.meaningOf(name)]).toEqual([name, 'implied'])
  for (const name of ['x-tenant-user', 'x-impersonate', 'x-on-behalf-of', 'x-otp', 'x-pin'])
    expect([name, RULES.meaningOf(name)]).toEqual([name, 'identity'])
  expect(new FieldRules({ ...NONE, exempt: ['x-tenant'] }).meaningOf('x-tenant')).toBe('none')
})

test('FieldRules believes the application before all', () => {
  const rules = new FieldRules({
    exempt: ['x-internal-*', 'cf-ipcountry'],
    personal: ['x-shop', '*-person'],
    vary: ['x-member-tier', 'x-internal-kind'],
  })
  const meanings = [
    'x-internal-user',
    'cf-ipcountry',
    'x-shop',
    'x-a-person',
    'x-member-tier',
    'x-internal-kind',
  ]
  expect(meanings.map((name) => rules.meaningOf(name))).toEqual([
    ...['none', 'none', 'identity', 'identity', 'chosen', 'chosen'],
  ])
})

test('FieldRules gives the fields that tell variants apart in order, without the addresses of clients', () => {
  const headers = {
    'x-forwarded-host': 'a',
    forwarded: 'for=192.0.2.1;host=b',
    'cf-ray': '1',
    'x-forwarded-for': '192.0.2.1',
    accept: '*/*',
  }
  expect(RULES.selecting(headers)).toEqual([
    { name: 'forwarded', value: 'host="b"', isChosen: false },
    { name: 'x-forwarded-host', value: 'a', isChosen: false },
  ])
  expect(RULES.selecting({ forwarded: 'for=192.0.2.1' })).toEqual([])
})

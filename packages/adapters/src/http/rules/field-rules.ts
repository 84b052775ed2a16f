import { forwardedTarget } from '../fields/forwarded.ts'
import { type HeaderValue, joined } from '../fields/header-values.ts'
import { type FieldClass, KNOWN_FIELDS } from './known-fields.ts'
import { type NameTest, nameTest } from './name-patterns.ts'

/** What an application says of fields, as names in lower case, and patterns. */
export interface FieldOptions {
  /** Fields of no interest to the cache. */
  readonly exempt: readonly string[]
  /** Fields that say who asks. */
  readonly personal: readonly string[]
  /** Fields that tell variants apart. */
  readonly vary: readonly string[]
}

/**
 * What a field is to the cache: it says who asks, tells variants apart since the application has said so, or since it
 * usually does, or nothing of these.
 */
export type FieldMeaning = 'identity' | 'chosen' | 'implied' | 'none'

/** A field of a request that tells variants apart. */
export interface SelectingField {
  readonly name: string
  /** What variants are told apart by, as a value of that field. */
  readonly value: string
  /** Whether the application has named the field. */
  readonly isChosen: boolean
}

/**
 * Parts of the names of fields that say, or prove, who sends a request: those of the standards, of common interfaces,
 * gateways and login proxies have at least one. A field that is taken for one of them by mistake costs a miss.
 */
const OF_PERSONS: readonly string[] = [
  ...[
    'auth',
    'authentication',
    'authorization',
    'authenticated',
    'authentik',
    'credentials?',
    'login',
    'sso',
  ],
  ...['oidc', 'saml', 'dpop', 'jwt', 'assertion', '[a-z]*tokens?', '[a-z]*session', '[a-z]*sessionid', 'sid'],
  ...[
    'csrf',
    'xsrf',
    'secret',
    'password',
    'users?',
    'userid',
    'username',
    'uid',
    'email',
    'account',
    'identity',
  ],
  ...['principal', 'subject', 'dn', 'groups?', 'roles?', 'consumer', 'customer', 'member', 'visitor'],
  ...['impersonate', 'behalf', 'otp', 'totp', 'pin', 'passcode'],
  ...[
    'userinfo',
    'forwarded-name',
    'userdn',
    'userhash',
    'usr',
    'accountid',
    'person',
    'nickname',
    'displayname',
  ],
  ...['emailaddress', 'e?mail', '[a-z]*mailbox', 'nameid', 'upn', 'eppn', 'samaccountname', 'universalid'],
  ...['logon', 'logon[a-z]+', 'employee', 'employee(?:id|number)', 'creds'],
]

/** Further parts of the names of fields of requests: in a response they are rather about caches and signatures. */
const OF_KEYS: readonly string[] = [
  ...['key', '[a-z]*apikey', 'cert', 'clientcert', 'certificate', '(?<!accept-)signature', 'nonce'],
  // What gateways pass on of a login, and what programs say of themselves.
  ...[
    'claims?',
    'sub',
    'actor',
    '(?<!accept-)profile',
    'scopes?',
    'permissions',
    'entitlements',
    'affiliation',
  ],
  ...['(?:client|device|guest|cart|persistent)[-_]?id', 'spiffe', 'cn', 'fingerprint', 'verif(?:y|ied)'],
]

/** Parts of the names of fields by which applications tell apart whom they serve: each has responses of its own. */
const OF_TENANTS: readonly string[] = [
  'tenants?',
  'tenantid',
  'org',
  'orgid',
  'organi[sz]ations?',
  'workspace',
  'company',
  'shop',
  'store',
  'merchant',
  'realm',
  'team',
  'plan',
  'tier',
]

/** Parts of the names of fields that say where a client is. */
const OF_PLACES: readonly string[] = [
  ...['geo[a-z]*', 'country', 'countrycode', '[a-z]*countrycode', 'continent', 'region', 'city'],
  ...['latitude', 'longitude', 'postal', 'timezone'],
]

const PERSONAL_REQUEST = namePattern([...OF_PERSONS, ...OF_KEYS])
const PERSONAL_RESPONSE = namePattern(OF_PERSONS)
const SELECTING = namePattern([...OF_TENANTS, ...OF_PLACES])

/** Names of fields by which browsers and proxies say the same of everybody. */
const OF_NOBODY = /^(?:user-agent|.*-user-agent|.*-user-ip|sec-.*|access-control-.*)$/

/** Longer names are made up: they are taken for personal unread. */
const MAX_NAME_LENGTH = 256

/** How many names are remembered: the same ones come again and again; more than this many are made up. */
const MAX_KNOWN_NAMES = 1_000

/** What the classes of known fields mean, in the order in which they count. */
const MEANINGS: readonly (readonly [meaning: FieldMeaning, classes: readonly FieldClass[]])[] = [
  ['identity', ['identity']],
  ['implied', ['target', 'place', 'device', 'gateway']],
  ['none', ['address', 'trace']],
]

const KNOWN: readonly (readonly [FieldMeaning, NameTest])[] = MEANINGS.map(([meaning, classes]) => [
  meaning,
  nameTest(KNOWN_FIELDS.filter((one) => classes.includes(one.is)).flatMap(({ names }) => names)),
])

/** What the fields of requests mean: what the application says, what is known of them, and what their names sound like. */
export class FieldRules {
  readonly #rules: readonly (readonly [FieldMeaning, NameTest])[]
  readonly #known = new Map<string, FieldMeaning>()

  constructor({ exempt, personal, vary }: FieldOptions) {
    this.#rules = [
      ['identity', nameTest(personal)],
      ['chosen', nameTest(vary)],
      ['none', nameTest(exempt)],
      ...KNOWN,
      ['identity', soundsPersonal],
      ['implied', (name) => SELECTING.test(name)],
    ]
  }

  /** Returns what a field of a request means; the name is in lower case. */
  meaningOf(name: string): FieldMeaning {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const meaning = this.#rules.find(([, includes]) => includes(name))?.[0] ?? 'none'
    if (this.#known.size < MAX_KNOWN_NAMES && name.length <= MAX_NAME_LENGTH) this.#known.set(name, meaning)
    return meaning
  }

  /**
   * Returns whether a field must not select a variant: each user would have one, and the next user with the same value
   * would get it.
   */
  isPersonal(name: string): boolean {
    return name === 'cookie' || name === 'cookie2' || this.meaningOf(name) === 'identity'
  }

  /** Returns the fields that tell variants apart, whatever the response says, in order. */
  selecting(headers: Readonly<Record<string, HeaderValue>>): SelectingField[] {
    const found: SelectingField[] = []
    for (const name in headers) {
      const meaning = this.meaningOf(name)
      if (meaning !== 'chosen' && meaning !== 'implied') continue
      const value = selectingValue(name, joined(headers[name]))
      if (value !== undefined) found.push({ name, value, isChosen: meaning === 'chosen' })
    }
    return found.length < 2 ? found : found.sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}

/** Returns the name of a field of a response that is about one user, as it sounds. */
export function isPersonalResponseField(name: string): boolean {
  return PERSONAL_RESPONSE.test(name) && !OF_NOBODY.test(name)
}

function soundsPersonal(name: string): boolean {
  if (name.length > MAX_NAME_LENGTH) return true
  return PERSONAL_REQUEST.test(name) && !OF_NOBODY.test(name)
}

function selectingValue(name: string, value: string | undefined): string | undefined {
  return name === 'forwarded' && value !== undefined ? forwardedTarget(value) : value
}

/** Returns a pattern for names that have one of the parts. */
function namePattern(parts: readonly string[]): RegExp {
  return new RegExp(`(?:^|[-_])(?:${parts.join('|')})(?:$|[-_])`)
}

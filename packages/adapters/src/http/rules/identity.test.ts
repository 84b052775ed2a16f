import { expect, test } from 'vitest'
import { FieldRules } from './field-rules.ts'
import type { HttpRequest } from './http-request.ts'
import { identityOf, personalHeader } from './identity.ts'

const FIELDS = new FieldRules({ exempt: [], personal: [], vary: [] })
const NONE = { authorization: false, cookies: () => false, exemptCookies: () => false, fields: FIELDS }

function asking(headers: object, hasCertificate = false): HttpRequest {
  return { headers, hasCertificate } as HttpRequest
}

for (const name of [
  ...['authorization', 'proxy-authorization', 'x-api-key', 'apikey', 'x-auth-token', 'x-authtoken', 'dpop'],
  ...['x-csrf-token', 'x-csrftoken', 'x-session-id', 'x-amzn-oidc-data', 'x-goog-authenticated-user-email'],
  ...[
    'cf-access-authenticated-user-email',
    'cf-access-jwt-assertion',
    'x-ms-client-principal',
    'remote-user',
  ],
  ...['x-forwarded-groups', 'x-forwarded-preferred-username', 'x-consumer-username', 'tailscale-user-login'],
  ...[
    'x-pomerium-claim-email',
    'client-cert',
    'x-arr-clientcert',
    'x-ssl-client-s-dn',
    'x-amzn-mtls-clientcert',
  ],
  ...['ocp-apim-subscription-key', 'private-token', 'user_id', 'x-serverless-authorization'],
  ...['x-userinfo', 'sm_userdn', 'x-verified-claims', 'x-forwarded-sub', 'x-employee-number', 'x-usr'],
  ...['signature-input', 'x-hub-signature-256', 'x-wp-nonce', 'x-device-id', 'client-id', 'x-scopes'],
  ...['x-client-cn', 'x-client-verify', 'x-anchormailbox', 'x-upn', 'x-emailaddress', 'x-iisnode-logon_user'],
])
  test(`identityOf() takes ${name} for a name of who asks`, () => {
    expect(identityOf(asking({ [name]: '1' }), NONE)).toEqual({ detail: 'authorization', isAllowed: false })
    expect(FIELDS.isPersonal(name)).toBe(true)
  })

test('identityOf() finds nobody in what browsers and proxies send for everybody', () => {
  const names = [
    ...['host', 'user-agent', 'accept', 'accept-encoding', 'accept-language', 'connection', 'dnt', 'referer'],
    ...[
      'upgrade-insecure-requests',
      'sec-fetch-user',
      'sec-fetch-site',
      'sec-ch-ua',
      'priority',
      'via',
      'te',
    ],
    ...[
      'forwarded',
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-real-ip',
      'true-client-ip',
      'cf-connecting-ip',
    ],
    ...['cf-ray', 'cf-ipcountry', 'traceparent', 'x-amzn-trace-id', 'x-request-id', 'baggage'],
    ...['x-appengine-user-ip', 'x-cloud-trace-context', 'x-operamini-phone-user-agent', 'save-data'],
    ...['accept-profile', 'accept-signature', 'x-country-code', 'x-store', 'x-requested-with', 'origin'],
  ]
  expect(identityOf(asking(Object.fromEntries(names.map((name) => [name, '1']))), NONE)).toBe(undefined)
})

test('identityOf() takes a client certificate for a name', () => {
  const expected = { detail: 'client-certificate', isAllowed: false }
  expect(identityOf(asking({}, true), NONE)).toEqual(expected)
  expect(identityOf(asking({}), NONE)).toBe(undefined)
})

test('personalHeader() finds nobody in what responses say of themselves', () => {
  const names = ['permissions-policy', 'signature', 'signature-input', 'content-profile', 'x-region']
  expect(personalHeader(Object.fromEntries(names.map((name) => [name, '1'])))).toBe(undefined)
})

for (const name of [
  'set-cookie',
  'authorization',
  'x-auth-token',
  'x-csrf-token',
  'x-user-id',
  'www-authenticate',
])
  test(`personalHeader() finds ${name} in a response`, () => {
    expect(personalHeader({ 'cache-control': 'public', [name]: '1' })).toBe(name)
  })

test('personalHeader() finds nothing in what is for all', () => {
  const names = ['access-control-allow-credentials', 'surrogate-key', 'x-cache-key', 'content-type', 'etag']
  expect(personalHeader(Object.fromEntries(names.map((name) => [name, '1'])))).toBe(undefined)
})

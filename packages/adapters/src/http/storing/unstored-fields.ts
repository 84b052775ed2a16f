/** Fields that concern one connection (RFC 9111, 3.1) or one user, or are made anew for each answer. */
export const UNSTORED_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'set-cookie',
  'set-cookie2',
  'age',
  'content-length',
])

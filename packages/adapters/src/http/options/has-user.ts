/** What login and session middleware leaves on a request, by what it is called. */
const OF_REQUESTS = ['user', 'session', 'auth', 'currentUser', 'userContext', 'ntlm', 'sso']

/** What logins leave that hold for a connection: its later requests do not say who sends them (RFC 4559, 6). */
const OF_CONNECTIONS = ['user', 'ntlm', 'sso']

/**
 * Returns whether a login or session middleware has left something on the objects of a request: the default of the option
 * `isPersonal`.
 */
export function hasUser(req: unknown, res: unknown): boolean {
  const { socket } = Object(req) as { socket?: unknown }
  const { locals } = Object(res) as { locals?: unknown }
  return hasAny(req, OF_REQUESTS) || hasAny(locals, OF_REQUESTS) || hasAny(socket, OF_CONNECTIONS)
}

function hasAny(holder: unknown, names: readonly string[]): boolean {
  if (holder === undefined || holder === null) return false
  const values = holder as Readonly<Record<string, unknown>>
  return names.some((name) => values[name] !== undefined && values[name] !== null)
}

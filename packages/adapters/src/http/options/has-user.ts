/**
 * Returns whether a login or session middleware has left something on the objects of a request: the default of the option
 * `isPersonal`.
 */
export function hasUser(req: unknown, res: unknown): boolean {
  const { user, session, auth } = Object(req) as { user?: unknown; session?: unknown; auth?: unknown }
  const { locals } = Object(res) as { locals?: { user?: unknown } }
  return [user, session, auth, locals?.user].some((trace) => trace !== undefined && trace !== null)
}

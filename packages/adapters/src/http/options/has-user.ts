type Traces<Name extends string> = { readonly [N in Name]?: unknown }

/**
 * Returns whether a login or session middleware has left something on the objects of a request: the default of the option
 * `isPersonal`. What it leaves on the connection holds for later requests, which do not say who sends them (RFC 4559, 6).
 */
export function hasUser(req: unknown, res: unknown): boolean {
  const { socket } = Object(req) as { socket?: unknown }
  const { locals } = Object(res) as { locals?: unknown }
  return isOnRequest(Object(req)) || isInLocals(Object(locals)) || isOnConnection(Object(socket))
}

// One function for each kind of object: engines find the members of such objects alone ten times as fast.

type OnRequest = Traces<'user' | 'session' | 'auth' | 'currentUser' | 'userContext' | 'ntlm' | 'sso'>

function isOnRequest({ user, session, auth, currentUser, userContext, ntlm, sso }: OnRequest): boolean {
  return isSet(user ?? session ?? auth ?? currentUser ?? userContext ?? ntlm ?? sso)
}

function isInLocals({ user, session, ntlm }: Traces<'user' | 'session' | 'ntlm'>): boolean {
  return isSet(user ?? session ?? ntlm)
}

function isOnConnection({ user, ntlm, sso }: Traces<'user' | 'ntlm' | 'sso'>): boolean {
  return isSet(user ?? ntlm ?? sso)
}

function isSet(trace: unknown): boolean {
  return trace !== undefined && trace !== null
}

import cookie from '@fastify/cookie'
import session from '@fastify/session'
import Fastify, { type FastifyInstance } from 'fastify'
import type { SessionStore } from '../../src/session/index.ts'

declare module 'fastify' {
  interface Session {
    user?: string
  }
}

/** An application with logins, whose cookies last for a minute. */
export async function makeFastifyApplication(store: SessionStore): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: true })
  await app.register(cookie)
  await app.register(session, {
    store,
    secret: 'a secret of at least thirty-two characters',
    cookie: { secure: false, maxAge: 60_000 },
    saveUninitialized: false,
  })
  app.get<{ Params: { user: string } }>('/login/:user', async (request) => {
    await request.session.regenerate()
    request.session.user = request.params.user
    return '"in"'
  })
  app.get('/user', async (request, reply) => reply.send(JSON.stringify(request.session.user ?? null)))
  app.get('/logout', async (request) => {
    await request.session.destroy()
    return '"out"'
  })
  return app
}

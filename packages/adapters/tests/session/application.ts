import type { Server } from 'node:http'
import express, { type ErrorRequestHandler, type Express } from 'express'
import session, { type SessionOptions } from 'express-session'
import type { SessionStore } from '../../src/session/index.ts'

declare module 'express-session' {
  interface SessionData {
    user?: string
    visits?: number
  }
}

export interface ApplicationOptions extends Partial<SessionOptions> {
  /** Is told what fails when the response is complete. */
  readonly onLateError?: (error: unknown) => void
}

/** An application with logins. */
export function makeApplication(
  store: SessionStore,
  { onLateError = () => {}, ...options }: ApplicationOptions = {},
): Express {
  const app = express()
  app.use(session({ store, secret: 'secret', resave: false, saveUninitialized: false, ...options }))
  app.get('/login/:user', (request, response, next) => {
    request.session.regenerate((error) => {
      if (error) return next(error)
      request.session.user = request.params.user
      response.json(request.params.user)
    })
  })
  app.get('/user', ({ session }, response) => void response.json(session.user ?? null))
  app.get('/visit', ({ session }, response) => {
    session.visits = (session.visits ?? 0) + 1
    response.json(session.visits)
  })
  app.get('/reload', (request, response, next) => {
    request.session.visits = -1
    request.session.reload((error) => (error ? next(error) : response.json(request.session.visits ?? null)))
  })
  app.get('/age', ({ session }, response) => void response.json(session.cookie.maxAge))
  app.get('/logout', (request, response, next) => {
    request.session.destroy((error) => (error ? next(error) : response.json('gone')))
  })
  const onError: ErrorRequestHandler = (error, _request, response, _next) => {
    if (response.writableEnded) return onLateError(error)
    response.status(error.code === 'ERR_DISKCACHE_UNAVAILABLE' ? 503 : 500).json(error.code ?? error.message)
  }
  return app.use(onError)
}

/** Lets an application listen on a free port of this machine, and returns where. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as { port: number }
  return `http://127.0.0.1:${address.port}`
}

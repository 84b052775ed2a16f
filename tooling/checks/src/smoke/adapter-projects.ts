/** A project that has one framework, with what that needs, and the adapter for it. */
export interface AdapterProject {
  readonly title: string
  /** The program, without its extensions, and the subpath of the adapters that it uses. */
  readonly program:
    | 'bentocache'
    | 'express-rate-limit'
    | 'fastify-session'
    | 'keyv'
    | 'nest'
    | 'express'
    | 'fastify'
    | 'rate-limit'
    | 'session'
    | 'undici'
    | 'unstorage'
    | 'verrou'
    | 'web'
  /** What it installs beside the adapters, and in which version. */
  readonly frameworks: Readonly<Record<string, string>>
}

export const ADAPTER_PROJECTS: readonly AdapterProject[] = [
  { title: 'Keyv 5', program: 'keyv', frameworks: { keyv: '^5' } },
  { title: 'Keyv 6', program: 'keyv', frameworks: { keyv: '^6' } },
  { title: 'Nest 11', program: 'nest', frameworks: nest(11) },
  { title: 'Nest 12', program: 'nest', frameworks: nest(12) },
  { title: 'Express 4', program: 'express', frameworks: express(4) },
  { title: 'Express 5', program: 'express', frameworks: express(5) },
  { title: 'Fastify 5', program: 'fastify', frameworks: { fastify: '^5' } },
  { title: 'unstorage 1', program: 'unstorage', frameworks: { unstorage: '^1.17' } },
  { title: 'express-session', program: 'session', frameworks: session() },
  { title: 'bentocache 1', program: 'bentocache', frameworks: { bentocache: '^1.6' } },
  { title: 'verrou', program: 'verrou', frameworks: { '@verrou/core': '^0.5.2' } },
  {
    title: 'rate-limiter-flexible 11',
    program: 'rate-limit',
    frameworks: { 'rate-limiter-flexible': '^11' },
  },
  { title: 'express-rate-limit 8', program: 'express-rate-limit', frameworks: expressRateLimit() },
  { title: '@fastify/session 11', program: 'fastify-session', frameworks: fastifySession() },
  { title: 'undici 8', program: 'undici', frameworks: { undici: '^8' } },
  { title: 'Request and Response', program: 'web', frameworks: {} },
]

function nest(version: number): Record<string, string> {
  return {
    '@nestjs/common': `^${version}`,
    '@nestjs/core': `^${version}`,
    'reflect-metadata': '^0.2',
    rxjs: '^7',
  }
}

function session(): Record<string, string> {
  return { 'express-session': '^1.19', '@types/express-session': '^1.19' }
}

/** Its stores are those of express-session. */
function fastifySession(): Record<string, string> {
  return { ...session(), fastify: '^5', '@fastify/cookie': '^11', '@fastify/session': '^11' }
}

function expressRateLimit(): Record<string, string> {
  return { ...express(5), 'express-rate-limit': '^8' }
}

function express(version: number): Record<string, string> {
  return { express: `^${version}`, '@types/express': `^${version}` }
}

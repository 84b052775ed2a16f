import type { CacheResponses } from '@diskcache/adapters/express'
import { Router, urlencoded } from 'express'
import { accountPage } from '../pages/account-page.ts'
import { loginPage } from '../pages/login-page.ts'
import { messagePage } from '../pages/message-page.ts'
import type { Catalogue } from '../shop/catalogue.ts'
import type { Orders } from '../shop/orders.ts'
import type { Sessions } from '../shop/sessions.ts'
import { forgetPrint } from './shop-routes.ts'

/** What is one user's own. It stands behind the cache as everything does, which keeps none of it. */
export function accountRoutes(parts: AccountParts): Router {
  const router = Router()
  router.use(urlencoded({ extended: false, limit: '10kb' }))
  router.use((_req, res, next) => {
    res.set('Cache-Control', 'private, no-store')
    next()
  })
  addAccount(router, parts)
  addLogin(router, parts)
  addOrders(router, parts)
  return router
}

interface AccountParts {
  readonly catalogue: Catalogue
  readonly orders: Orders
  readonly sessions: Sessions
  readonly responses: CacheResponses
}

function addAccount(router: Router, { orders, sessions }: AccountParts): void {
  router.get('/', async (req, res) => {
    const user = await sessions.userOf(req)
    if (user === undefined) return void res.redirect(303, '/account/login')
    res.send(accountPage(user, await orders.of(user)))
  })
}

function addLogin(router: Router, { sessions }: AccountParts): void {
  router.get('/login', (_req, res) => {
    res.send(loginPage())
  })

  router.post('/login', async (req, res) => {
    const user = textOf(req.body?.user).slice(0, 40)
    if (user === '') return void res.redirect(303, '/account/login')
    await sessions.begin(res, user)
    res.redirect(303, '/account')
  })

  router.post('/logout', async (req, res) => {
    await sessions.end(req, res)
    res.redirect(303, '/')
  })
}

function addOrders(router: Router, { catalogue, orders, sessions, responses }: AccountParts): void {
  router.post('/orders', async (req, res) => {
    const user = await sessions.userOf(req)
    if (user === undefined) return void res.redirect(303, '/account/login')
    const print = textOf(req.body?.print)
    if (!(await catalogue.takeOne(print))) {
      return void res.status(409).send(messagePage('Sold out', 'There is none left of this print.'))
    }
    await orders.add(user, { print, time: Date.now() })
    await forgetPrint(responses, print)
    res.redirect(303, '/account')
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

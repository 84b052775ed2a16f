import { atLeast, atMost, type Goal, type GoalResult } from '../measuring/goal.ts'
import {
  effortFor,
  effortText,
  middleOf,
  type PressedRoute,
  pressRoutes,
  type Route,
  routeRatio,
} from '../measuring/pressed-route.ts'
import { Stage } from '../measuring/stage.ts'
import { countText } from '../report/figure-text.ts'
import { tableOf } from '../report/table.ts'
import type { Part } from '../running/part.ts'
import type { Way } from '../worker/routes/route-service.ts'
import { slowBody } from '../worker/routes/slow-body.ts'

const BARE: Route<Way> = { name: 'no Express, `res.end` of the bytes', way: 'bare' }
const END: Route<Way> = { name: '`res.end` of the same bytes', way: 'end' }
const SEND: Route<Way> = { name: '`res.send` of the same bytes', way: 'send' }
const HIT: Route<Way> = { name: 'diskcache `cacheResponses`, a hit', way: 'diskcache' }
const UNCACHED: Route<Way> = { name: 'no cache', way: 'uncached' }

/** A request with a cookie is one user's own, which a cache under `app.use` lets pass. */
const headers = { cookie: 'sid=1' }
const PERSONAL: Route<Way> = { name: '`res.send`, a request with a cookie', way: 'send', headers }
const PASSING: Route<Way> = { name: 'the same under `app.use(cacheResponses(…))`', way: 'passing', headers }

const ROUTES: readonly Route<Way>[] = [
  BARE,
  END,
  SEND,
  HIT,
  { name: 'apicache, in memory', way: 'apicache' },
  UNCACHED,
  PERSONAL,
  PASSING,
]

/** An Express route behind different caches, and what a request costs that no cache may store. */
export const EXPRESS_PART: Part = {
  name: 'express',
  minutes: 2.5,
  async run({ quick, progress }) {
    const effort = effortFor(JSON.stringify(slowBody()), { quick })
    await using stage = new Stage()
    const pressed = await pressRoutes('route', ROUTES, { stage, effort, progress })
    return {
      title: 'An Express route',
      introduction: `A route of Express 5 whose handler takes about two milliseconds of a processor for 10 KiB of JSON: as it is, behind apicache, which keeps responses in the memory of its process, and behind \`cacheResponses\`, whose responses all processes share and a restart keeps. What sends the same bytes without making them, in Express or not, is the limit. ${effortText(effort)}`,
      tables: [routesTable(pressed)],
      goals: goalsOf(pressed),
    }
  },
}

function routesTable(pressed: readonly PressedRoute[]) {
  return tableOf(
    'Requests',
    pressed,
    {
      'answered by': ({ route }) => route.name,
      'requests/s': (one) => countText(middleOf(one, 'rate')),
      '× no cache': ({ route }) => routeRatio(pressed, 'rate', route, UNCACHED),
      '× `res.send`': ({ route }) => routeRatio(pressed, 'rate', route, SEND),
      'processor, µs': (one) => middleOf(one, 'processor'),
      'p99, ms': (one) => middleOf(one, 'p99'),
      'p99 × `res.send`': ({ route }) => routeRatio(pressed, 'p99', route, SEND),
    },
    { block: 'express' },
  )
}

function goalsOf(pressed: readonly PressedRoute[]): GoalResult[] {
  const hit = 'HTTP hit of 10 KiB, requests a second, against'
  const passing = 'request that cannot be stored, under `app.use`, processor time, against without'
  const goal = (work: string, goal: Goal, measured: number) => ({ work, goal, measured })
  return [
    goal(`${hit} \`res.send\` in the same route`, atLeast(1), routeRatio(pressed, 'rate', HIT, SEND)),
    goal(`${hit} bare \`res.end\` there`, atLeast(0.75), routeRatio(pressed, 'rate', HIT, END)),
    goal(
      'HTTP hit of 10 KiB, p99, against `res.send` in the same route',
      atMost(1),
      routeRatio(pressed, 'p99', HIT, SEND),
    ),
    goal(passing, atMost(1.15), routeRatio(pressed, 'processor', PASSING, PERSONAL)),
  ]
}

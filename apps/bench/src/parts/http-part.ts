import { atLeast, atMost, type Goal, type GoalResult } from '../measuring/goal.ts'
import {
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
import type { DoorWay } from '../worker/routes/door-service.ts'
import { slowBody } from '../worker/routes/slow-body.ts'

const FULL = { servers: 3, rounds: 6, connections: 50, approach: 0.5, seconds: 1.5 }
const QUICK: typeof FULL = { servers: 1, rounds: 1, connections: 2, approach: 0.1, seconds: 0.2 }

interface Framework {
  readonly name: string
  /** The bytes, without a cache, which is what the others are compared with. */
  readonly alone: Route<DoorWay>
  /** The object that the bytes are made of, without a cache: what most routes send. */
  readonly object: Route<DoorWay>
  readonly hit: Route<DoorWay>
  readonly noStore: Route<DoorWay>
}

const FRAMEWORKS: readonly Framework[] = [
  frameworkOf('fastify', 'Fastify'),
  frameworkOf('handler', 'no framework, the server of Hono'),
  frameworkOf('hono', 'Hono'),
]

/** What a hit costs in each framework, and a response that may not be stored, beside the same route alone. */
export const HTTP_PART: Part = {
  name: 'http',
  minutes: 3.7,
  async run({ quick, progress }) {
    const effort = { ...(quick ? QUICK : FULL), body: JSON.stringify(slowBody()) }
    await using stage = new Stage()
    const routes = FRAMEWORKS.flatMap(routesOf)
    const pressed = await pressRoutes('door', routes, { stage, effort, progress })
    return {
      title: 'Routes of Fastify and Hono',
      introduction: `Routes that send 10 KiB: alone, as bytes or as an object that the framework makes JSON of, from the cache, and as bytes behind the cache with \`no-store\`. autocannon presses each with ${effort.connections} connections from a process of its own for ${effort.seconds} s a round, after ${effort.approach} s that do not count; they take turns in ${effort.rounds} rounds, each by ${effort.servers} processes, and every body is compared with the right one. All of them have collected their garbage several times before.`,
      tables: [routesTable(pressed)],
      goals: FRAMEWORKS.flatMap((framework) => goalsOf(pressed, framework)),
    }
  },
}

function frameworkOf(framework: 'fastify' | 'handler' | 'hono', name: string): Framework {
  return {
    name,
    alone: { name: `${name}, alone`, way: `${framework} alone` },
    object: { name: `${name}, alone, an object`, way: `${framework} object` },
    hit: { name: `${name}, a hit`, way: `${framework} hit` },
    noStore: { name: `${name}, \`no-store\` behind the cache`, way: `${framework} no-store` },
  }
}

function routesOf({ alone, object, hit, noStore }: Framework): readonly Route<DoorWay>[] {
  return [alone, object, hit, noStore]
}

function routesTable(pressed: readonly PressedRoute[]) {
  const aloneOf = (route: Route) =>
    FRAMEWORKS.find((framework) => routesOf(framework).includes(route as Route<DoorWay>))?.alone as Route
  return tableOf(
    'Requests',
    pressed,
    {
      'answered by': ({ route }) => route.name,
      'requests/s': (one) => countText(middleOf(one, 'rate')),
      '× alone': ({ route }) => routeRatio(pressed, 'rate', route, aloneOf(route)),
      'processor, µs': (one) => middleOf(one, 'processor'),
      'processor × alone': ({ route }) => routeRatio(pressed, 'processor', route, aloneOf(route)),
      'p99, ms': (one) => middleOf(one, 'p99'),
      'p99 × alone': ({ route }) => routeRatio(pressed, 'p99', route, aloneOf(route)),
    },
    { block: 'http' },
  )
}

function goalsOf(pressed: readonly PressedRoute[], framework: Framework): GoalResult[] {
  const { name, alone, object, hit, noStore } = framework
  const result = (work: string, goal: Goal, measured: number) => ({
    work: `${name}: ${work}`,
    goal,
    measured,
  })
  return [
    result(
      'HTTP hit of 10 KiB, requests a second, against the object alone',
      atLeast(1),
      routeRatio(pressed, 'rate', hit, object),
    ),
    result(
      'HTTP hit of 10 KiB, p99, against the object alone',
      atMost(1),
      routeRatio(pressed, 'p99', hit, object),
    ),
    result(
      'HTTP hit of 10 KiB, requests a second, against the bytes alone',
      atLeast(0.75),
      routeRatio(pressed, 'rate', hit, alone),
    ),
    result(
      '`no-store` behind the cache, processor time, against the bytes alone',
      atMost(1.15),
      routeRatio(pressed, 'processor', noStore, alone),
    ),
  ]
}

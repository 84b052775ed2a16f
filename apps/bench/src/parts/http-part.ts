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
import type { DoorWay } from '../worker/routes/door-service.ts'
import { slowBody } from '../worker/routes/slow-body.ts'

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
    const effort = effortFor(JSON.stringify(slowBody()), { quick })
    await using stage = new Stage()
    const routes = FRAMEWORKS.flatMap(routesOf)
    const pressed = await pressRoutes('door', routes, { stage, effort, progress })
    return {
      title: 'Routes of Fastify and Hono',
      introduction: `Routes that send 10 KiB: alone, as bytes or as an object that the framework makes JSON of, from the cache, and as bytes behind the cache with \`no-store\`. ${effortText(effort)} All of them have collected their garbage several times before.`,
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
  const hits = `${name}: HTTP hit of 10 KiB`
  const passing = `${name}: \`no-store\` behind the cache, processor time, against the bytes alone`
  const goal = (work: string, goal: Goal, measured: number) => ({ work, goal, measured })
  const rate = (yardstick: Route) => routeRatio(pressed, 'rate', hit, yardstick)
  return [
    goal(`${hits}, requests a second, against the object alone`, atLeast(1), rate(object)),
    goal(`${hits}, p99, against the object alone`, atMost(1), routeRatio(pressed, 'p99', hit, object)),
    goal(`${hits}, requests a second, against the bytes alone`, atLeast(0.75), rate(alone)),
    goal(passing, atMost(1.15), routeRatio(pressed, 'processor', noStore, alone)),
  ]
}

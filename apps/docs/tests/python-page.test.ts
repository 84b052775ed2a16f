import { describe, expect, test } from 'vitest'
import { runClaim } from './python-page/node-claim.ts'
import { nodeNames } from './python-page/node-names.ts'
import { codeOf, sectionsOf } from './python-page/page-tables.ts'
import { askPython, missingPython } from './python-page/python.ts'
import { DJANGO_MEMBERS, OPERATORS, PROTOCOL, PYTHON_MEMBERS } from './python-page/python-members.ts'

const SECTIONS = sectionsOf(new URL('../python.md', import.meta.url))

const missing = missingPython()
const reason = missing === undefined ? '' : ` (skipped: ${missing})`

/** Returns the code in one column of the tables of a section. */
function columnOf(heading: string, column: number): string[] {
  const section = SECTIONS.find((one) => one.heading === heading)
  return (section?.rows ?? []).flatMap((row) => codeOf(row[column] ?? ''))
}

/** Returns whether code names a member: a word by itself, or an operator. */
function isNamed(member: string, code: readonly string[]): boolean {
  const shown = OPERATORS[member] ?? member
  const word = /^\w+$/.test(shown) ? new RegExp(`(?<!\\w)${shown}(?!\\w)`) : undefined
  return code.some((one) => word?.test(one) ?? one.includes(shown))
}

describe.each(Object.entries(PYTHON_MEMBERS))('The section on %s', (heading, classes) => {
  test.each(Object.entries(classes))('names every member of %s', (_, members) => {
    const code = columnOf(heading, 0)
    expect(members.filter((member) => !isNamed(member, code))).toEqual([])
  })
})

test('The section on DjangoCache names every member', () => {
  const code = columnOf('DjangoCache', 0)
  expect(DJANGO_MEMBERS.filter((member) => !isNamed(member, code))).toEqual([])
})

test.each([...Object.keys(PYTHON_MEMBERS), 'The rest of the module'])(
  'The section on %s names what there is in Node',
  (heading) => {
    const code = columnOf(heading, 1)
    const called = code.flatMap((one) => [...one.matchAll(/(\w+)\(/g)].map(([, name]) => name as string))
    const known = nodeNames()
    expect(called.filter((name) => !known.has(name))).toEqual([])
    expect(code.length).toBeGreaterThan(1)
  },
)

interface Claim {
  readonly what: string
  readonly python: string
  readonly pythonResult: string
  readonly node: string
  readonly nodeResult: string
}

const CLAIMS: readonly Claim[] = SECTIONS.flatMap(({ rows }) =>
  rows
    .filter((row) => row.length === 5)
    .map(([what = '', ...cells]) => {
      const [python = '', pythonResult = '', node = '', nodeResult = ''] = cells.map(
        (cell) => codeOf(cell)[0],
      )
      return { what, python, pythonResult, node, nodeResult }
    }),
)

test('The page has claims', () => {
  expect(CLAIMS.length).toBeGreaterThan(40)
  for (const claim of CLAIMS) expect(Object.values(claim).slice(1)).not.toContain('')
})

test.each(CLAIMS)('Node: $node gives $nodeResult', async ({ node, nodeResult }) => {
  expect(await runClaim(node)).toBe(nodeResult)
})

test.runIf(process.env.DISKCACHE_REQUIRE_PYTHON !== undefined)(
  'DISKCACHE_REQUIRE_PYTHON: Python has diskcache',
  () => {
    expect(missing).toBe(undefined)
  },
)

describe.skipIf(missing !== undefined)(`python-diskcache${reason}`, () => {
  const classes = Object.values(PYTHON_MEMBERS).flatMap(Object.keys)
  const answer =
    missing === undefined ? askPython({ claims: CLAIMS.map(({ python }) => python), classes }) : undefined

  test.each(CLAIMS.map((claim, i) => ({ ...claim, i })))(
    '$python gives $pythonResult',
    ({ pythonResult, i }) => {
      expect(answer?.results[i]).toBe(pythonResult)
    },
  )

  test.each(Object.values(PYTHON_MEMBERS).flatMap(Object.entries))(
    '%s has no member beside those',
    (name, members) => {
      const isPublic = (member: string) => !member.startsWith('_') || member.startsWith('__')
      const found = answer?.members[name]?.filter((member) => isPublic(member) && !PROTOCOL.has(member)) ?? []
      expect(found.filter((member) => !members.includes(member))).toEqual([])
    },
  )

  test('exports and has settings that the page names', () => {
    const code = SECTIONS.flatMap(({ rows }) => rows.flatMap((row) => codeOf(row[0] ?? '')))
    const names = [...(answer?.exports ?? []), ...(answer?.settings ?? [])]
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter((name) => !isNamed(name, code))).toEqual([])
  })
})

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { pageOf } from '../../pages/documentation-page.ts'
import { callColumns } from './call-table.ts'
import { columnProgram } from './column-program.ts'

const PAGE = pageOf(
  'page.md',
  [
    '| other | here |',
    '| --- | --- |',
    '| `const a = 1`<br>`a \\| 2 // → 3` | none: `a` |',
    '| `b() // throws ERR_B` | `await c()` |',
    '',
    '| what | other |',
    '| --- | --- |',
    '| `d` | `e` |',
  ].join('\n'),
)

test('a table of calls has the heading "here", and cells of code or of text', () => {
  expect(callColumns(PAGE)).toEqual({
    there: [
      { line: 3, code: 'const a = 1' },
      { line: 3, code: 'a | 2', result: '3' },
      { line: 4, code: 'b()', error: 'ERR_B' },
    ],
    here: [{ line: 4, code: 'await c()' }],
  })
})

test('a cell of code and text is refused', () => {
  const page = pageOf('page.md', '| other | here |\n| --- | --- |\n| `a` and | `b` |')
  expect(() => callColumns(page)).toThrow('line 3: code and text in one cell: `a` and')
})

test('a program fails at the first promise that is broken, and says where', () => {
  const run = (...cells: string[]) => {
    const rows = cells.map((cell) => `| – | \`${cell}\` |`)
    const page = pageOf('page.md', ['| other | here |', '| --- | --- |', ...rows].join('\n'))
    const program = columnProgram(callColumns(page).here)
    return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).stderr
  }
  const throwing = 'JSON.parse(text) // throws SyntaxError'
  expect(run("const text = '{'", throwing, '[1].concat([2]) // → [1, 2]')).toBe('')
  expect(run('1 + 1 // → 2', '1 + 1 // → 3')).toBe('line 4: 2, not 3\n')
  expect(run("const text = '{}'", throwing)).toBe('line 4: undefined, not SyntaxError\n')
  expect(run('missing()')).toContain('line 3: ReferenceError: missing is not defined')
})

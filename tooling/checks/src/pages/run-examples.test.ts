import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { runExamples } from './run-examples.ts'

/** The lines printed for a repository of these pages, and what is left in apps/docs. */
async function linesFor(
  pages: Record<string, string>,
): Promise<{ lines: string[]; failed: number; left: string[] }> {
  const root = mkdtempSync(join(tmpdir(), 'run-examples-'))
  for (const [path, text] of Object.entries({
    'package.json': '{}',
    'apps/docs/package.json': '{"type":"module"}',
    ...pages,
  })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const lines: string[] = []
  const failed = await runExamples(root, (line) => lines.push(line), { compiles: true })
  const left = globSync('apps/docs/*', { cwd: root }).concat(globSync('apps/docs/.*', { cwd: root }))
  rmSync(root, { recursive: true, force: true })
  return { lines, failed, left }
}

test('runExamples() runs complete modules and reports the one that fails', async () => {
  const { lines, failed, left } = await linesFor({
    'README.md':
      '```ts\nconst a: number = await Promise.resolve(1)\n```\n```js\nthrow new Error("boom")\n```\n',
  })
  expect(lines.toSorted()).toEqual([
    '1 pages, 2 blocks, 1 failed',
    expect.stringMatching(/^FAIL README\.md:4 js: exit 1\n[\s\S]*boom/),
    'ok   README.md',
    'ok   README.md:1 ts',
  ])
  expect(failed).toBe(1)
  expect(left).toEqual(['apps/docs/package.json'])
})

test('runExamples() compiles programs as a strict project does', async () => {
  const { lines, failed } = await linesFor({
    'README.md':
      "```ts\nimport { sep } from 'node:path'\n\nconst parts: { a?: string } = { a: sep }\nparts.a.at(0)\n```\n",
  })
  expect(failed).toBe(1)
  expect(lines).toContainEqual(
    "FAIL README.md:1 ts: does not compile: line 4: TS18048: 'parts.a' is possibly 'undefined'.",
  )
})

test('runExamples() starts each program in an empty directory that it removes', async () => {
  const marker = join(tmpdir(), `run-examples-cwd-${process.pid}`)
  const program = `import { readdirSync, writeFileSync } from 'node:fs'
if (readdirSync('.').length) process.exit(1)
writeFileSync('litter', '')
writeFileSync(${JSON.stringify(marker)}, process.cwd())`
  const { failed } = await linesFor({ 'README.md': `\`\`\`js\n${program}\n\`\`\`\n`.repeat(3) })
  expect(failed).toBe(0)
  expect(existsSync(readFileSync(marker, 'utf8'))).toBe(false)
  rmSync(marker)
})

test('runExamples() reads the pages of packages, apps and tooling, and no other', async () => {
  const page = '```text\na\n```\n'
  const { lines } = await linesFor({
    'README.md': page,
    'packages/core/README.md': page,
    'packages/core/CHANGELOG.md': page,
    'packages/core/src/notes.md': page,
    'apps/docs/README.md': '[start](guides/start.md)',
    'apps/docs/guides/start.md': page,
    'apps/docs/CHANGELOG.md': page,
    'apps/docs/dist/start.md': page,
    'apps/bench/src/template.md': page,
    'tooling/checks/README.md': page,
    'tooling/checks/node_modules/vitest/README.md': page,
  })
  expect(lines).toEqual([
    'ok   README.md',
    'ok   apps/docs/README.md',
    'ok   apps/docs/guides/start.md',
    'ok   packages/core/README.md',
    'ok   tooling/checks/README.md',
    'ok   README.md:1 text',
    'ok   apps/docs/guides/start.md:1 text',
    'ok   packages/core/README.md:1 text',
    'ok   tooling/checks/README.md:1 text',
    '5 pages, 4 blocks, 0 failed',
  ])
})

test('runExamples() runs each program on Node 22, too', async () => {
  const { lines, failed } = await linesFor({
    'README.md': '```js\nif (parseInt(process.versions.node) === 22) throw new Error("old")\n```\n',
  })
  expect(failed).toBe(1)
  expect(lines).toContainEqual(expect.stringMatching(/^FAIL README\.md:1 js: on Node 22: exit 1\n[\s\S]*old/))
})

test('runExamples() runs a program that needs a newer Node on this one alone', async () => {
  const program = 'if (parseInt(process.versions.node) === 22) throw new Error("old")'
  const { lines } = await linesFor({ 'README.md': `\`\`\`js node=22.19\n${program}\n\`\`\`\n` })
  expect(lines.at(-1)).toBe('1 pages, 1 blocks, 0 failed')
})

test('runExamples() compiles `using` for Node 22', async () => {
  const using = 'using gone: Disposable = { [Symbol.dispose]: () => console.log("gone") }\nvoid gone'
  const plain = 'try {\n} finally {\n}'
  const { lines } = await linesFor({
    'README.md': `\`\`\`ts\n${using}\n\`\`\`\nNode 22:\n\`\`\`js\n${plain}\n\`\`\`\n`,
  })
  expect(lines.at(-1)).toBe('1 pages, 2 blocks, 0 failed')
})

test('runExamples() counts a page with a broken link as failed', async () => {
  const { lines, failed } = await linesFor({ 'README.md': '[gone](gone.md)\n' })
  expect(failed).toBe(1)
  expect(lines[0]).toBe('FAIL README.md: line 1: "gone.md" leads to nothing')
})

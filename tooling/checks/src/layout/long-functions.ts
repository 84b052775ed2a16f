import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** Lines of a function that one still reads at a glance, with its head and its last brace. */
const MOST_LINES = 40

/** The same in tests, where a closure holds several short ones. */
const MOST_LINES_OF_TESTS = 80

/** Files of tests: those that stand beside their source, those that do not, and the contract suites. */
const TESTS = /\.test\.ts$|^[^/]+\/[^/]+\/(?:tests|examples)\/|^tooling\/testkit\/src\//

/** Returns the functions below `root` that are too long, each as `path:line: message`. */
export function longFunctions(root: string): string[] {
  return globSync(
    ['{packages,apps,tooling}/*/*.ts', '{packages,apps,tooling}/*/{src,tests,examples}/**/*.{ts,tsx}'],
    { cwd: root },
  )
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .flatMap((path) => {
      const most = TESTS.test(path) ? MOST_LINES_OF_TESTS : MOST_LINES
      return functionsIn(path, readFileSync(join(root, path), 'utf8'))
        .filter(({ lines }) => lines > most)
        .map(({ line, lines }) => `${path}:${line}: ${lines} lines, at most ${most}`)
    })
}

interface FunctionPlace {
  /** Where the function begins, after its docstring. */
  readonly line: number
  readonly lines: number
}

/** Returns all functions, closures, methods, accessors and constructors that have a body, also those inside others. */
function functionsIn(path: string, text: string): FunctionPlace[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1
  const found: FunctionPlace[] = []
  const visit = (node: ts.Node): void => {
    if (hasBody(node)) {
      const line = lineAt(node.getStart(source))
      found.push({ line, lines: lineAt(node.end) - line + 1 })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function hasBody(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined
}

import { pathToFileURL } from 'node:url'

interface Opened {
  set(key: string, value: unknown): boolean
  get(key: string): unknown
  close(): void
}

interface Package {
  Cache: new (directory: string) => Opened
}

/** Opens one directory through two copies of the package, and prints what came of it. */
const [directory = '', ...packages] = process.argv.slice(2)
const [first, second] = (await Promise.all(packages.map((path) => import(pathToFileURL(path).href)))) as [
  Package,
  Package,
]

const cache = new first.Cache(directory)
cache.set('first', 1)
const whileOpen = use()
cache.close()
console.log(JSON.stringify({ whileOpen, afterClosing: use() }))

function use(): unknown {
  try {
    const other = new second.Cache(directory)
    other.set('second', 2)
    const values = [other.get('first'), other.get('second')]
    other.close()
    return values
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    return { code, message }
  }
}

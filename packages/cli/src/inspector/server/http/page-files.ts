import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileAnswer } from './answers.ts'
import type { InspectorAnswer } from './exchange.ts'
import { Refusal } from './refusal.ts'

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>diskcache</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="icon.svg">
<link rel="stylesheet" href="page.css">
<script type="module" src="main.js"></script>
</head>
<body>
<main></main>
<noscript>This page is a program in JavaScript.</noscript>
</body>
</html>
`

/** The files of the page, with their types, and where they are asked for. */
const FILES: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  '/main.js': { name: 'main.js', type: 'text/javascript; charset=utf-8' },
  '/page.css': { name: 'page.css', type: 'text/css; charset=utf-8' },
  '/icon.svg': { name: 'icon.svg', type: 'image/svg+xml' },
}

const read = new Map<string, Buffer>()

/** Returns the answer to a request for a part of the page; `undefined` for what is none. */
export function pageAnswer(path: string): InspectorAnswer | undefined {
  if (path === '/') return fileAnswer('text/html; charset=utf-8', PAGE)
  const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined
  return file && fileAnswer(file.type, contentOf(file.name))
}

function contentOf(name: string): Buffer {
  const content = read.get(name) ?? readPageFile(name)
  read.set(name, content)
  return content
}

/**
 * Reads a built file of the page. This module is in one of several files of `dist`, or among the sources: the folder is
 * beside it, or beside one above it.
 */
function readPageFile(name: string): Buffer {
  let folder = ownFolder()
  for (let level = 0; level < 5; level++, folder = dirname(folder)) {
    for (const place of [join(folder, 'page', name), join(folder, 'dist/page', name)]) {
      try {
        return readFileSync(place)
      } catch {
        // It is not there.
      }
    }
  }
  throw new Refusal(500, 'Cannot find the files of the page: @diskcache/cli cannot be bundled')
}

/** Returns the folder of this module. CommonJS has no `import.meta.url`, and a module no `__dirname`. */
function ownFolder(): string {
  try {
    return __dirname
  } catch {
    return dirname(fileURLToPath(import.meta.url))
  }
}

/** Files that every one of these modules imports from the folder above it or its own, such as `chunk-ABC.js`. */
export function sharedChunks(sources: readonly string[]): string[] {
  const [first = [], ...others] = sources.map(chunksIn)
  return first.filter((chunk) => others.every((chunks) => chunks.includes(chunk)))
}

function chunksIn(source: string): string[] {
  const matches = source.matchAll(/(?:from\s*|import\s*|require\()["']\.{1,2}\/(chunk-[^"']+)["']/g)
  return [...new Set([...matches].map(([, chunk]) => chunk!))]
}

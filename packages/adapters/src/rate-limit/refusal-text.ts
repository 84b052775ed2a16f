/** Returns what a refused client reads. */
export function refusalText(status: number): string {
  return status === 429 ? 'Too many requests\n' : 'Back in a moment\n'
}

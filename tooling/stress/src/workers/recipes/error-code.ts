/** What tells errors of this project apart. */
export function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null | undefined)?.code
}

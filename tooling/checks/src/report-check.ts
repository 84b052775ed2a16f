/** What a check throws that cannot be made on this machine. */
export class Skipped extends Error {}

/**
 * Runs one check, which fails by rejecting, and prints one line with its outcome and its seconds. Returns whether it did not
 * fail.
 */
export async function reportCheck(title: string, check: () => unknown): Promise<boolean> {
  const start = performance.now()
  const error = await errorOf(check)
  const seconds = `${((performance.now() - start) / 1_000).toFixed(1)} s`
  if (error === undefined) console.log(`ok   ${title} (${seconds})`)
  else if (error instanceof Skipped) console.log(`skipped ${title}: ${error.message}`)
  else console.log(`FAIL ${title} (${seconds}): ${error.message}`)
  return error === undefined || error instanceof Skipped
}

async function errorOf(check: () => unknown): Promise<Error | undefined> {
  try {
    await check()
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Runs `body` and resolves to what it gives, or to the code of its error, or to the error itself where it has none of ours. */
export async function outcomeOf(body: () => unknown): Promise<unknown> {
  try {
    return await body()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code?.startsWith('ERR_DISKCACHE_') ? code : `${code}: ${message}`
  }
}

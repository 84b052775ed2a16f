/** Runs one check, which fails by throwing, and prints one line with its outcome. Returns whether it passed. */
export function reportCheck(title: string, check: () => void): boolean {
  try {
    check()
    console.log(`ok   ${title}`)
    return true
  } catch (error) {
    console.log(`FAIL ${title}: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

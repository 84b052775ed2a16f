/** What a script of this repository has in its environment, and a user's shell has not. */
const OURS =
  /^(CI|NODE_PATH|NODE_OPTIONS|INIT_CWD|PNPM_.*|pnpm_.*|npm_(command|execpath|lifecycle_.*|node_execpath|package_.*))$/

/** Settings that npx and pnpm hand on to what they run. */
const HANDED_ON = /^npm_config_(local_prefix|user_agent|npm_version|verify_deps_before_run|yes)$/i

/** The environment of somebody who installs these packages, not of somebody who works on them. */
export function firstUser(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OURS.test(name) && !HANDED_ON.test(name)))
}

/** What limits are proven over: what sessions are, as both live as long as their entries. */
export { CACHE, ENGINES, type Engine, PATIENT, sessionTest as limitTest } from '../session/session-test.ts'

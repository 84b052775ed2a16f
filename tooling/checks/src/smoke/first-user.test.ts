import { expect, test } from 'vitest'
import { firstUser } from './first-user.ts'

test('firstUser() keeps what a user has, and the settings of the machine', () => {
  const env = { PATH: '/bin', HOME: '/root', npm_config_cafile: '/ca.crt', npm_config_cache: '/cache' }
  expect(firstUser(env)).toEqual(env)
})

test('firstUser() leaves out what CI and scripts add', () => {
  const env = {
    ...{ CI: 'true', NODE_PATH: '/modules', npm_lifecycle_event: 'smoke', npm_package_name: 'diskcache' },
    ...{
      npm_config_user_agent: 'pnpm/12',
      pnpm_config_verify_deps_before_run: 'false',
      PNPM_SCRIPT_SRC_DIR: '/',
    },
  }
  expect(firstUser(env)).toEqual({})
})

import type { UserConfig } from 'vitepress'

type Plugin = Extract<NonNullable<NonNullable<UserConfig['vite']>['plugins']>[number], { name: string }>

/**
 * Most pages stand outside the folder of the site, where packages such as Vue are not found. When the site is built, they
 * leave Vue to the program that renders them, which stands here; in the browser VitePress sees to it. When it is served,
 * what VitePress would have packed in advance is found beside itself, a moment later.
 */
export function outsidePages(): Plugin {
  return {
    name: 'diskcache:outside-pages',
    enforce: 'post',
    config({ optimizeDeps }) {
      const included = optimizeDeps?.include?.filter((name) => !name.startsWith('vitepress > '))
      if (included) optimizeDeps!.include = included
    },
    resolveId: {
      order: 'pre',
      handler: (id, _importer, { ssr }) =>
        ssr && ['vue', 'vue/server-renderer'].includes(id) ? { id, external: true } : undefined,
    },
  }
}

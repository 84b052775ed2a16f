/** An Apollo Server as the page has it, on the directory that it is told; prints where it listens. */
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import responseCachePlugin from '@apollo/server-plugin-response-cache'
import { KeyvAdapter } from '@apollo/utils.keyvadapter'
import { createKeyv } from '@diskcache/adapters/keyv'

const keyv = createKeyv<string>(process.argv[2]!, { namespace: 'apollo', storeTimeout: 20_000 })
const server = new ApolloServer({
  typeDefs: `
    directive @cacheControl(maxAge: Int) on FIELD_DEFINITION
    type Query { madeBy: Int @cacheControl(maxAge: 60) }
  `,
  resolvers: { Query: { madeBy: () => process.pid } },
  // Its types are of CommonJS, where those of Keyv are others.
  cache: new KeyvAdapter(keyv as never),
  plugins: [responseCachePlugin()],
})
process.once('disconnect', () => process.exit())
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } })
process.send?.(url)

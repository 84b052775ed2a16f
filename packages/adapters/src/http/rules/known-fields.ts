/**
 * What a field of a request is to a cache.
 *
 * - `identity`: names the user, or proves who asks. Such requests go past the cache.
 * - `target`: says what the request is about, in the place of URL, host, scheme or method. Tells variants apart.
 * - `place`: where the client is. Tells variants apart.
 * - `device`: what kind of program the client is, by the judgement of a proxy. Tells variants apart.
 * - `gateway`: by which way the request came, and from which service. Tells variants apart, since an application may
 *   insist on one.
 * - `address`: the client's address. Of no interest to the cache: an application that answers by it has to say so.
 * - `trace`: numbers, times and ways of a single request, which name nobody, locate nobody and prove nothing. Of no
 *   interest.
 */
export type FieldClass = 'identity' | 'target' | 'place' | 'device' | 'gateway' | 'address' | 'trace'

/** Fields that one kind of proxy adds to requests, and that are of one class. */
export interface KnownFields {
  /** Who adds them. */
  readonly by: string
  readonly is: FieldClass
  /** Where that is written. */
  readonly source: string
  /** Names in lower case, or patterns that begin or end with `*`. */
  readonly names: readonly string[]
}

const CLOUDFLARE = {
  by: 'Cloudflare',
  source: 'developers.cloudflare.com/fundamentals/reference/http-headers',
}
const CLOUDFLARE_RULES = {
  by: 'Cloudflare',
  source: 'developers.cloudflare.com/rules/transform/managed-transforms/reference',
}
const CLOUDFLARE_ACCESS = {
  by: 'Cloudflare Access',
  source: 'developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json',
}
const FASTLY = { by: 'Fastly', source: 'www.fastly.com/documentation/reference/http/http-headers' }
const AKAMAI = { by: 'Akamai', source: 'techdocs.akamai.com/property-mgr/docs' }
const CLOUDFRONT = {
  by: 'CloudFront',
  source: 'docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html',
}
const AWS_BALANCER = {
  by: 'AWS load balancers',
  source: 'docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html',
}
const AWS_USERS = {
  by: 'AWS load balancers',
  source: 'docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html',
}
const AWS_WAF = {
  by: 'AWS WAF',
  source: 'docs.aws.amazon.com/waf/latest/developerguide/customizing-the-incoming-request.html',
}
const API_GATEWAY = {
  by: 'API Gateway',
  source: 'docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html',
}
const FRONT_DOOR = {
  by: 'Azure Front Door',
  source: 'learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol',
}
const APP_SERVICE = {
  by: 'Azure App Service',
  source: 'learn.microsoft.com/azure/app-service/configure-language-dotnetcore',
}
const APP_SERVICE_USERS = {
  by: 'Azure App Service',
  source: 'learn.microsoft.com/azure/app-service/configure-authentication-user-identities',
}
const APP_ENGINE = {
  by: 'App Engine, Cloud Run',
  source: 'cloud.google.com/appengine/docs/standard/reference/request-headers',
}
const GOOGLE_BALANCER = {
  by: 'Google load balancers',
  source: 'cloud.google.com/load-balancing/docs/https/custom-headers',
}
const GOOGLE_IAP = { by: 'Google IAP', source: 'cloud.google.com/iap/docs/identity-howto' }
const ENVOY = {
  by: 'Envoy, Istio',
  source: 'www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers',
}
const ENVOY_ROUTER = {
  by: 'Envoy, Istio',
  source: 'www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter',
}
const LINKERD = { by: 'Linkerd', source: 'github.com/linkerd/linkerd2/pull/6127' }
const NGINX = {
  by: 'nginx, ingress-nginx',
  source: 'kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap',
}
const TRAEFIK = {
  by: 'Traefik',
  source: 'doc.traefik.io/traefik/middlewares/http/overview',
}
const HAPROXY = { by: 'HAProxy', source: 'docs.haproxy.org/3.0/configuration.html' }
const OAUTH2_PROXY = {
  by: 'oauth2-proxy',
  source: 'oauth2-proxy.github.io/oauth2-proxy/configuration/overview',
}
const AUTHELIA = {
  by: 'Authelia, Grafana',
  source: 'www.authelia.com/integration/trusted-header-sso/introduction',
}
const GOOGLE_GATEWAY = {
  by: 'Google API Gateway, Endpoints',
  source: 'cloud.google.com/api-gateway/docs/authenticating-users-jwt',
}
const APISIX = { by: 'APISIX', source: 'apisix.apache.org/docs/apisix/plugins/openid-connect' }
const VOUCH = { by: 'Vouch Proxy', source: 'github.com/vouch/vouch-proxy' }
const POMERIUM = { by: 'Pomerium', source: 'www.pomerium.com/docs/capabilities/getting-users-identity' }
const WEBSEAL = {
  by: 'IBM Verify Identity Access',
  source: 'www.ibm.com/docs/en/sva/10.0.8?topic=junctions-supplying-client-identity-in-http-headers',
}
const SITEMINDER = {
  by: 'SiteMinder',
  source: 'techdocs.broadcom.com/us/en/symantec-security-software/identity-security/siteminder',
}
const SHIBBOLETH = {
  by: 'Shibboleth, mod_auth_mellon',
  source: 'shibboleth.atlassian.net/wiki/spaces/SP3/pages/2065335257/AttributeAccess',
}
const SANDSTORM = { by: 'Sandstorm', source: 'docs.sandstorm.io/en/latest/developing/auth' }
const FLY = { by: 'Fly.io', source: 'fly.io/docs/networking/request-headers' }
const BUNNY = { by: 'bunny.net', source: 'docs.bunny.net/docs/cdn-request-headers' }
const FIREBASE = { by: 'Firebase', source: 'firebase.google.com/docs/app-check/custom-resource-backend' }
const TELEGRAM = { by: 'Telegram', source: 'core.telegram.org/bots/webapps' }
const TAILSCALE = { by: 'Tailscale', source: 'tailscale.com/kb/1312/serve' }
const VERCEL = { by: 'Vercel', source: 'vercel.com/docs/headers/request-headers' }
const NETLIFY = {
  by: 'Netlify',
  source:
    'answers.netlify.com/t/upcoming-change-stripping-exposed-netlify-headers-from-function-and-proxy-requests/52665',
}
const TRACING = { by: 'tracing', source: 'www.w3.org/TR/trace-context; github.com/openzipkin/b3-propagation' }
const STANDARD = { by: 'proxies of every kind', source: 'www.rfc-editor.org/rfc/rfc7239' }

/**
 * The fields that content delivery networks, gateways and meshes add to requests. What is of no interest stands here by
 * its full name, so that nothing that merely looks like it is passed over. `baggage` does not stand here: it may hold
 * anything.
 */
export const KNOWN_FIELDS: readonly KnownFields[] = [
  {
    ...STANDARD,
    is: 'target',
    names: [
      ...['forwarded', 'front-end-https', 'x-forwarded', 'x-forwarded-host', 'x-forwarded-method'],
      ...['x-forwarded-path', 'x-forwarded-port', 'x-forwarded-prefix', 'x-forwarded-proto'],
      ...['x-forwarded-protocol', 'x-forwarded-scheme', 'x-forwarded-server', 'x-forwarded-ssl'],
      ...['x-forwarded-uri', 'x-forwarded-url', 'x-host', 'x-http-host-override', 'x-http-method'],
      ...['x-http-method-override', 'x-method-override', 'x-original-host', 'x-original-method'],
      ...['x-original-uri', 'x-original-url', 'x-rewrite-url', 'x-script-name', 'x-url-scheme'],
    ],
  },
  {
    ...STANDARD,
    source: 'www.rfc-editor.org/rfc/rfc9110#name-from; www.rfc-editor.org/rfc/rfc8473',
    is: 'identity',
    names: ['from', 'sec-token-binding'],
  },
  {
    ...STANDARD,
    is: 'address',
    names: ['x-forwarded-for', 'x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'x-original-for'],
  },
  {
    ...STANDARD,
    is: 'trace',
    names: ['via', 'cdn-loop', 'x-request-id', 'x-correlation-id', 'x-request-start'],
  },

  { ...CLOUDFLARE, is: 'target', names: ['cf-visitor'] },
  { ...CLOUDFLARE, is: 'place', names: ['cf-ipcountry'] },
  {
    ...CLOUDFLARE_RULES,
    is: 'place',
    names: [
      ...['cf-ipcity', 'cf-ipcontinent', 'cf-iplongitude', 'cf-iplatitude', 'cf-region', 'cf-region-code'],
      ...['cf-metro-code', 'cf-postal-code', 'cf-timezone'],
    ],
  },
  { ...CLOUDFLARE_RULES, is: 'device', names: ['cf-verified-bot'] },
  { ...CLOUDFLARE, is: 'gateway', names: ['cf-worker'] },
  {
    ...CLOUDFLARE,
    is: 'address',
    names: ['cf-connecting-ip', 'cf-connecting-ipv6', 'cf-pseudo-ipv4', 'true-client-ip'],
  },
  { ...CLOUDFLARE, is: 'trace', names: ['cf-ray', 'cf-ew-via', 'cf-cache-status', 'cf-request-id'] },
  { ...CLOUDFLARE_RULES, is: 'trace', names: ['cf-bot-score', 'cf-ja3-hash', 'cf-ja4'] },
  {
    ...CLOUDFLARE_ACCESS,
    is: 'identity',
    names: ['cf-access-*', 'cf-cert-*', 'cf-client-cert-*'],
  },

  { ...FASTLY, is: 'target', names: ['fastly-ssl', 'fastly-orig-host'] },
  { ...FASTLY, is: 'device', names: ['fastly-orig-accept-encoding'] },
  { ...FASTLY, is: 'gateway', names: ['fastly-client'] },
  { ...FASTLY, is: 'address', names: ['fastly-client-ip', 'fastly-temp-xff'] },
  { ...FASTLY, is: 'trace', names: ['x-timer', 'x-varnish', 'fastly-ff', 'fastly-cachetype'] },

  {
    ...AKAMAI,
    source: 'techdocs.akamai.com/property-mgr/docs/content-tgting',
    is: 'place',
    names: ['x-akamai-edgescape'],
  },
  { ...AKAMAI, is: 'device', names: ['x-akamai-device-characteristics', 'akamai-bot', 'akamai-reputation'] },
  { ...AKAMAI, is: 'gateway', names: ['akamai-origin-hop', 'x-akamai-sr-hop'] },
  { ...AKAMAI, is: 'identity', names: ['akamai-user-risk', 'x-akamai-user-risk'] },
  { ...AKAMAI, is: 'trace', names: ['x-akamai-config-log-detail', 'x-akamai-request-id'] },

  { ...CLOUDFRONT, is: 'target', names: ['cloudfront-forwarded-proto'] },
  {
    ...CLOUDFRONT,
    is: 'place',
    names: [
      ...['cloudfront-viewer-country*', 'cloudfront-viewer-city', 'cloudfront-viewer-latitude'],
      ...['cloudfront-viewer-longitude', 'cloudfront-viewer-metro-code', 'cloudfront-viewer-postal-code'],
      'cloudfront-viewer-time-zone',
    ],
  },
  { ...CLOUDFRONT, is: 'device', names: ['cloudfront-is-*'] },
  { ...CLOUDFRONT, is: 'identity', names: ['cloudfront-viewer-cert*'] },
  { ...CLOUDFRONT, is: 'address', names: ['cloudfront-viewer-address', 'cloudfront-viewer-asn'] },
  {
    ...CLOUDFRONT,
    is: 'trace',
    names: [
      ...['x-amz-cf-id', 'cloudfront-viewer-http-version', 'cloudfront-viewer-tls'],
      ...['cloudfront-viewer-header-order', 'cloudfront-viewer-header-count'],
      ...['cloudfront-viewer-ja3-fingerprint', 'cloudfront-viewer-ja4-fingerprint'],
    ],
  },

  { ...AWS_USERS, is: 'identity', names: ['x-amzn-oidc-*', 'x-amzn-mtls-*'] },
  {
    ...AWS_BALANCER,
    is: 'trace',
    names: ['x-amzn-trace-id', 'x-amzn-tls-version', 'x-amzn-tls-cipher-suite'],
  },
  { ...AWS_WAF, is: 'device', names: ['x-amzn-waf-*'] },
  { ...API_GATEWAY, is: 'gateway', names: ['x-amzn-apigateway-api-id', 'x-amzn-vpce-id'] },
  { ...API_GATEWAY, is: 'trace', names: ['x-amzn-requestid', 'x-amzn-request-id'] },
  {
    ...API_GATEWAY,
    is: 'identity',
    names: ['x-amzn-request-context', 'x-amzn-lambda-context', 'x-apigateway-event', 'x-apigateway-context'],
  },

  { ...FRONT_DOOR, is: 'gateway', names: ['x-azure-fdid'] },
  { ...FRONT_DOOR, is: 'address', names: ['x-azure-clientip', 'x-azure-socketip'] },
  {
    ...FRONT_DOOR,
    is: 'trace',
    names: ['x-azure-ref', 'x-azure-requestchain', 'x-azure-debuginfo', 'x-fd-healthprobe'],
  },
  {
    ...APP_SERVICE,
    is: 'target',
    names: [
      ...['disguised-host', 'was-default-hostname', 'x-appservice-proto', 'x-arr-ssl'],
      ...['x-ms-original-url', 'x-waws-unencoded-url'],
    ],
  },
  { ...APP_SERVICE, is: 'address', names: ['client-ip', 'x-client-port', 'x-ms-forwarded-client-ip'] },
  {
    ...APP_SERVICE,
    is: 'trace',
    names: ['x-arr-log-id', 'x-site-deployment-id', 'x-forwarded-tlsversion', 'is-service-tunneled'],
  },
  {
    ...APP_SERVICE_USERS,
    is: 'identity',
    names: ['x-ms-client-principal*', 'x-ms-client-display-name', 'x-ms-token-*', 'x-arr-clientcert'],
  },

  { ...APP_ENGINE, is: 'target', names: ['x-appengine-https', 'x-appengine-default-version-hostname'] },
  {
    ...APP_ENGINE,
    is: 'place',
    names: ['x-appengine-country', 'x-appengine-region', 'x-appengine-city', 'x-appengine-citylatlong'],
  },
  {
    ...APP_ENGINE,
    is: 'identity',
    names: [
      ...['x-appengine-api-ticket', 'x-appengine-auth-domain', 'x-appengine-user-email'],
      ...['x-appengine-user-id', 'x-appengine-user-nickname', 'x-appengine-user-is-admin'],
      ...['x-appengine-inbound-appid', 'x-appengine-cron', 'x-appengine-queuename'],
      'x-serverless-authorization',
    ],
  },
  { ...APP_ENGINE, is: 'address', names: ['x-appengine-user-ip', 'x-appengine-remote-addr'] },
  {
    ...APP_ENGINE,
    is: 'trace',
    names: ['x-cloud-trace-context', 'x-appengine-request-log-id', 'x-appengine-timeout-ms'],
  },
  {
    ...GOOGLE_BALANCER,
    is: 'place',
    names: ['x-client-geo-location', 'x-client-region', 'x-client-region-subdivision', 'x-client-city'],
  },
  { ...GOOGLE_BALANCER, is: 'device', names: ['x-client-device', 'x-device-type', 'x-ua-device'] },
  { ...GOOGLE_IAP, is: 'identity', names: ['x-goog-authenticated-user-*', 'x-goog-iap-*'] },

  {
    ...ENVOY_ROUTER,
    is: 'target',
    names: ['x-envoy-original-path', 'x-envoy-original-host', 'x-envoy-original-method'],
  },
  {
    ...ENVOY,
    is: 'gateway',
    names: [
      ...['x-envoy-internal', 'x-envoy-decorator-operation', 'x-envoy-ip-tags'],
      ...['x-envoy-downstream-service-cluster', 'x-envoy-downstream-service-node'],
      ...['x-envoy-peer-metadata', 'x-envoy-peer-metadata-id'],
    ],
  },
  { ...ENVOY, is: 'identity', names: ['x-forwarded-client-cert', 'x-jwt-payload'] },
  { ...ENVOY, is: 'address', names: ['x-envoy-external-address', 'x-envoy-original-dst-host'] },
  {
    ...ENVOY_ROUTER,
    is: 'trace',
    names: [
      ...['x-envoy-attempt-count', 'x-envoy-expected-rq-timeout-ms', 'x-envoy-upstream-rq-timeout-ms'],
      ...['x-envoy-upstream-rq-per-try-timeout-ms', 'x-envoy-max-retries', 'x-envoy-retry-on'],
      ...['x-envoy-retry-grpc-on', 'x-envoy-hedge-on-per-try-timeout', 'x-envoy-upstream-alt-stat-name'],
      ...['x-envoy-is-timeout-retry', 'x-envoy-force-trace', 'x-client-trace-id', 'x-ot-span-context'],
    ],
  },

  { ...LINKERD, is: 'gateway', names: ['l5d-client-id'] },
  { ...LINKERD, is: 'target', names: ['l5d-dst-override', 'l5d-dst-canonical'] },
  { ...LINKERD, is: 'address', names: ['l5d-remote-ip'] },
  { ...LINKERD, is: 'trace', names: ['l5d-reqid', 'l5d-orig-proto', 'l5d-require-id'] },

  { ...NGINX, is: 'target', names: ['x-scheme', 'x-auth-request-redirect'] },
  { ...NGINX, is: 'identity', names: ['ssl-client-*', 'x-ssl-client-*', 'x-client-cert*'] },
  { ...NGINX, is: 'address', names: ['x-original-forwarded-for', 'x-forwarded-for-original'] },

  { ...TRAEFIK, is: 'target', names: ['x-replaced-path'] },
  { ...TRAEFIK, is: 'identity', names: ['x-forwarded-tls-client-cert*'] },
  { ...HAPROXY, is: 'trace', names: ['x-unique-id', 'x-haproxy-current-date', 'x-haproxy-server-state'] },

  {
    ...OAUTH2_PROXY,
    is: 'identity',
    names: [
      ...['x-auth-request-user', 'x-auth-request-email', 'x-auth-request-groups'],
      ...['x-auth-request-preferred-username', 'x-auth-request-access-token', 'x-forwarded-user'],
      ...['x-forwarded-email', 'x-forwarded-groups', 'x-forwarded-preferred-username'],
      ...['x-forwarded-access-token', 'gap-auth', 'gap-signature'],
    ],
  },
  {
    ...AUTHELIA,
    is: 'identity',
    names: ['remote-user', 'remote-groups', 'remote-email', 'remote-name', 'x-webauth-*'],
  },
  {
    ...GOOGLE_GATEWAY,
    is: 'identity',
    names: ['x-apigateway-api-userinfo', 'x-apigateway-api-consumer-*', 'x-endpoint-api-userinfo'],
  },
  { ...APISIX, is: 'identity', names: ['x-userinfo', 'x-id-token'] },
  { ...VOUCH, is: 'identity', names: ['x-vouch-*'] },
  { ...POMERIUM, is: 'identity', names: ['x-pomerium-claim-*', 'x-pomerium-jwt-assertion'] },
  { ...WEBSEAL, is: 'identity', names: ['iv-user', 'iv-user-l', 'iv-groups', 'iv-creds'] },
  { ...SITEMINDER, is: 'identity', names: ['sm_*', 'sm-*'] },
  {
    ...SHIBBOLETH,
    is: 'identity',
    names: [
      ...['eppn', 'mail', 'cn', 'displayname', 'affiliation', 'persistent-id', 'targeted-id', 'shib-*'],
      ...['mellon-*', 'mellon_*', 'x-mellon-*'],
    ],
  },
  { ...SANDSTORM, is: 'identity', names: ['x-sandstorm-*'] },
  { ...FIREBASE, is: 'identity', names: ['x-firebase-appcheck'] },
  { ...TELEGRAM, is: 'identity', names: ['x-telegram-init-data'] },
  { ...FLY, is: 'place', names: ['fly-region'] },
  { ...FLY, is: 'address', names: ['fly-client-ip'] },
  { ...FLY, is: 'trace', names: ['fly-request-id', 'fly-traceparent', 'fly-tracestate'] },
  { ...FLY, is: 'target', names: ['fly-forwarded-port', 'fly-forwarded-proto', 'fly-forwarded-ssl'] },
  { ...BUNNY, is: 'place', names: ['cdn-requestcountrycode'] },
  { ...BUNNY, is: 'trace', names: ['cdn-requestid', 'cdn-connectionid'] },
  { ...TAILSCALE, is: 'identity', names: ['tailscale-user-*', 'tailscale-app-capabilities'] },
  { ...TAILSCALE, is: 'trace', names: ['tailscale-headers-info'] },

  { ...VERCEL, is: 'place', names: ['x-vercel-ip-*'] },
  { ...VERCEL, is: 'target', names: ['x-vercel-deployment-url', 'x-matched-path', 'x-invoke-path'] },
  { ...VERCEL, is: 'address', names: ['x-vercel-forwarded-for', 'x-vercel-proxied-for'] },
  {
    ...VERCEL,
    is: 'identity',
    names: ['x-vercel-oidc-token', 'x-vercel-protection-bypass', 'x-vercel-sc-*'],
  },
  {
    ...VERCEL,
    is: 'trace',
    names: ['x-vercel-id', 'x-vercel-ja4-digest', 'x-vercel-internal-ingress-bucket'],
  },

  { ...NETLIFY, is: 'place', names: ['x-country', 'x-nf-geo', 'x-language'] },
  { ...NETLIFY, is: 'gateway', names: ['x-nf-sign', 'x-nf-deploy-context', 'x-nf-deploy-id'] },
  { ...NETLIFY, is: 'target', names: ['x-nf-connection-proto'] },
  { ...NETLIFY, is: 'address', names: ['x-nf-client-connection-ip'] },
  {
    ...NETLIFY,
    is: 'trace',
    names: [
      ...['x-nf-request-id', 'x-nf-account-id', 'x-nf-account-tier', 'x-nf-site-id', 'x-nf-site-info'],
      'x-nf-trace-span-id',
    ],
  },

  {
    ...TRACING,
    is: 'trace',
    names: [
      ...['traceparent', 'tracestate', 'b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid'],
      ...['x-b3-sampled', 'x-b3-flags', 'sentry-trace', 'uber-trace-id', 'x-datadog-trace-id'],
      ...['x-datadog-parent-id', 'x-datadog-sampling-priority', 'newrelic', 'elastic-apm-traceparent'],
    ],
  },
]

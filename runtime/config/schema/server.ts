/** `server`: listener, log, which stages run, and the names of headers (server.md 3.2). */
import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { durationMs } from './duration.ts';
import { headersSchema } from './headers.ts';
import { jwtAuthSchema } from './jwt.ts';
import { redisSchema } from './redis.ts';
import { flag, network, oneOf, parseHostPort, positiveOr, secret, size, text } from './values.ts';

const LOG_LEVELS = ['none', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const DEBUG_MODULES = [
  'none',
  'all',
  'auth',
  'hydra',
  'webauthn',
  'statistics',
  'whitelist',
  'ldap',
  'ldappool',
  'cache',
  'brute_force',
  'rbl',
  'action',
  'feature',
  'lua',
  'filter',
  'explain',
] as const;
export type DebugModule = (typeof DEBUG_MODULES)[number];

const BACKENDS = ['cache', 'ldap', 'lua'] as const;
export type BackendName = (typeof BACKENDS)[number];

export const FEATURES = [
  'tls_encryption',
  'rbl',
  'relay_domains',
  'lua',
  'backend_server_monitoring',
  'brute_force',
] as const;

const TIMER_LABELS = [
  'action',
  'account',
  'backend',
  'brute_force',
  'feature',
  'filter',
  'post_action',
  'request',
  'store_totp',
  'dns',
] as const;
export type TimerLabel = (typeof TIMER_LABELS)[number];

const tls = z.strictObject({
  enabled: flag().describe('Serve HTTPS (TLS 1.2 or later).'),
  cert: text().default('').describe('Certificate chain (PEM file).'),
  key: text().default('').describe('Private key (PEM file).'),
  http_client_skip_verify: flag().describe('Outbound HTTP of Lua scripts does not verify certificates.'),
});

const basicAuth = z.strictObject({
  enabled: flag().describe('Ask for HTTP basic credentials on /api/v1.'),
  username: text().default('').describe('User name of the API.'),
  password: secret().describe('Password of the API.'),
});

const log = z.strictObject({
  json: flag().describe('One JSON object per line instead of logfmt.'),
  color: flag().describe('Coloured level in logfmt lines.'),
  level: oneOf(LOG_LEVELS, 'wrong verbose level').default('none').describe('Least important level that is written.'),
  debug_modules: z
    .array(oneOf([...DEBUG_MODULES, 'ldap_pool'], 'wrong debug module'))
    .default([])
    // Documentation and program disagree about the name of this one.
    .transform((names) => names.map((name): DebugModule => (name === 'ldap_pool' ? 'ldappool' : name)))
    .describe('Parts that write debug lines at level debug.'),
});

/** Documentation shows the resolver without a port. */
function resolverAddress(value: string, context: z.core.$RefinementCtx<string>): string {
  if (value === '' || parseHostPort(value) !== undefined) return value;
  const withPort = value.includes(':') && !value.startsWith('[') ? `[${value}]:53` : `${value}:53`;
  if (parseHostPort(withPort) !== undefined) return withPort;
  context.addIssue({ code: 'custom', input: value, message: 'DNS resolver is not valid: must be host:port' });
  return z.NEVER;
}

const dns = z.strictObject({
  resolver: text()
    .default('')
    .transform(resolverAddress)
    .describe('host:port of the name server (port 53 without one); the system resolver without it.'),
  timeout: durationMs({ bare: 'seconds', fallback: 5000 })
    .transform((value) => Math.min(30_000, Math.max(1000, value)))
    .meta({ duration: true })
    .describe('Limit per query: seconds, or a duration such as 500ms; 1 s to 30 s. Milliseconds once read.'),
  resolve_client_ip: flag().describe('Look up the name of the client address, for endpoints that read headers.'),
});

const insights = z.strictObject({
  enable_pprof: flag().describe('Accepted and ignored: a profiler of the Go runtime.'),
  enable_block_profile: flag().describe('Accepted and ignored: a profiler of the Go runtime.'),
});

const masterUser = z.strictObject({
  enabled: flag().describe('Allow logins as user*master.'),
  delimiter: text()
    .default('*')
    .transform((value) => value.slice(0, 1) || '*')
    .describe('Separates user and master; only the first character counts.'),
});

const frontend = z.strictObject({
  enabled: flag().describe('Login pages: not part of this server.'),
  csrf_secret: secret().describe('Not used.'),
  cookie_store_auth_key: secret().describe('Not used.'),
  cookie_store_encryption_key: secret().describe('Not used.'),
});

const prometheusTimer = z
  .strictObject({
    enabled: flag().describe('Measure how long stages and scripts take (function_duration_seconds).'),
    labels: z
      .array(text())
      .default([])
      .describe(`Services that are measured: ${TIMER_LABELS.join(', ')}.`),
  })
  .superRefine(({ enabled, labels }, context) => {
    if (!enabled) return;
    labels.forEach((label, index) => {
      if (isTimerLabel(label)) return;
      const message = `the prometheus_timer::label name '${label}' is unknown; allowed: ${TIMER_LABELS.join(', ')}`;
      context.addIssue({ code: 'custom', path: ['labels', index], message });
    });
  })
  .transform(({ enabled, labels }) => ({ enabled, labels: labels.filter(isTimerLabel) }));

function isTimerLabel(label: string): label is TimerLabel {
  return TIMER_LABELS.some((known) => known === label);
}

const httpClient = z.strictObject({
  max_connections_per_host: size(0).describe('Connections of scripts to one host; 0 = no limit.'),
  max_idle_connections: size(0).describe('Accepted and ignored: idle connections end by their time alone.'),
  max_idle_connections_per_host: size(0).describe('Accepted and ignored: idle connections end by their time alone.'),
  idle_connection_timeout: durationMs({ bare: 'nanoseconds', fallback: 0 })
    .meta({ duration: true })
    .describe('How long idle connections are kept, with a unit (90s). Milliseconds once read.'),
  proxy: text().default('').describe('URL of a proxy; without it HTTP_PROXY, HTTPS_PROXY and NO_PROXY count.'),
});

const geoip = z.strictObject({
  databases: z
    .array(text())
    .default([])
    .describe('Files in the MaxMind DB format that nauthilus_geoip asks, all of them.'),
  check_interval: durationMs({ bare: 'seconds', fallback: 60_000 })
    .transform((value) => Math.max(1000, value))
    .meta({ duration: true })
    .describe('How often the files are looked at for changes: seconds, or a duration. Milliseconds once read.'),
});

const unixSocket = z.strictObject({
  path: text().default('').describe('Where the socket is; none without it.'),
  mode: text()
    .default('')
    .refine((value) => /^0?[0-7]{3}$|^$/.test(value), { error: 'must be three octal digits, e.g. 660' })
    .describe('Permissions in octal digits; those of the process without them.'),
});

const explain = z.strictObject({
  networks: z
    .array(network())
    .default(['127.0.0.1', '::1'])
    .describe('Peers that may ask with the header X-Nauthilus-Explain why a login was decided so.'),
});

export const serverSchema = z.strictObject({
  address: text()
    .default('127.0.0.1:9080')
    .refine((value) => value === '' || parseHostPort(value) !== undefined, {
      error: 'must be host:port, e.g. 127.0.0.1:9080',
    })
    .describe('Where to listen, e.g. 127.0.0.1:9080 or [::]:9443; empty with a Unix socket only.'),
  unix_socket: unixSocket.prefault({}).describe('A Unix socket beside the address, without TLS.'),
  workers: text()
    .default('1')
    .refine((value) => value === 'auto' || (/^\d{1,3}$/.test(value) && Number(value) > 0), {
      error: 'must be a number of processes, or auto',
    })
    .transform((value) => (value === 'auto' ? availableParallelism() : Number(value)))
    .describe('Processes that share the address; auto: one per processor core. More than one needs Redis.'),
  max_concurrent_requests: positiveOr(3000).describe('Requests in work at the same time; more get 429.'),
  max_password_history_entries: positiveOr(100).describe(
    'Different wrong passwords remembered per account and address.',
  ),
  http3: flag().describe('Accepted with a notice: QUIC is not served.'),
  haproxy_v2: flag().describe('Every connection must begin with a PROXY protocol header.'),
  haproxy_networks: z
    .array(network())
    .default([])
    .describe('Where connections with a PROXY header may come from; everywhere without it.'),
  tls: tls.prefault({}).describe('TLS of the listener.'),
  trusted_clients: z
    .array(network())
    .default([])
    .describe('Who may use the API, and is believed about the users behind it; everybody without it.'),
  basic_auth: basicAuth.prefault({}).describe('Protection of the API.'),
  jwt_auth: jwtAuthSchema.prefault({}).describe('Tokens that hooks with roles or scopes ask for.'),
  instance_name: text()
    .default('nauthilus')
    .transform((value) => value || 'nauthilus')
    .describe('Name in log lines and metrics.'),
  log: log.prefault({}).describe('Log output.'),
  backends: z
    .array(oneOf(BACKENDS, 'wrong passdb backend'))
    .default([])
    .describe('Where accounts come from, asked in this order.'),
  features: z.array(oneOf(FEATURES, 'wrong feature')).default([]).describe('Checks that run before the backends.'),
  brute_force_protocols: z.array(text()).default([]).describe('Protocols under brute-force protection.'),
  ory_hydra_admin_url: text()
    .default('http://127.0.0.1:4445')
    .refine((value) => URL.canParse(value), { error: 'must be a URL' })
    .describe('Accepted and ignored.'),
  dns: dns.prefault({}).describe('Name resolution.'),
  insights: insights.prefault({}).describe('Accepted and ignored.'),
  redis: redisSchema.prefault({}).describe('Shared state.'),
  master_user: masterUser.prefault({}).describe('Logins of a master in the name of a user.'),
  frontend: frontend.prefault({}).describe('Not part of this server.'),
  prometheus_timer: prometheusTimer.prefault({}).describe('Durations as metrics.'),
  default_http_request_header: headersSchema.prefault({}).describe('Names of the request headers.'),
  explain: explain.prefault({}).describe('Who may ask why a login was decided so.'),
  geoip: geoip.prefault({}).describe('What scripts can find out about addresses.'),
  http_client: httpClient.prefault({}).describe('Outbound HTTP of scripts.'),
});

export type ServerConfig = z.output<typeof serverSchema>;

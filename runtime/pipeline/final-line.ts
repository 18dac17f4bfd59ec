/** The one line that says how a login ended; fields and their order are those of the reference. */
import { firstText } from '../login/attributes.ts';
import type { Login } from '../login/login.ts';
import { toUtf8String } from '../login/text.ts';
import { messageOf, type Verdict } from '../login/verdict.ts';
import { formatDuration, type LogPairs } from '../services/index.ts';
import type { Generation } from './generation.ts';

/** Writes the line at level info, followed by the pairs that stages and scripts have added. */
export function logVerdict(verdict: Verdict, login: Login, { services }: Generation): void {
  if (!services.log.isEnabled('info')) return;
  const { client, script, tls, history } = login;
  const hasScriptText = script.logs.length > 0 || script.statusMessage !== undefined;
  const log = hasScriptText ? services.log.hiding(login.password) : services.log;
  log.info(
    {
      session: login.session,
      protocol: shown(login.protocol),
      local_ip: shown(login.localIp),
      port: shown(login.localPort),
      client_ip: shown(client.ip),
      client_port: shown(client.port),
      client_host: shown(client.hostname),
      tls_protocol: shown(tls.protocol),
      tls_cipher: shown(tls.cipher),
      auth_method: shown(login.authMethod),
      username: shown(login.username),
      passdb_backend: login.usedBackend,
      current_password_retries: history?.currentRetries ?? 0,
      account_passwords_seen: history?.accountSeen ?? 0,
      total_passwords_seen: history?.totalSeen ?? 0,
      user_agent: shown(login.userAgent),
      client_id: shown(client.id),
      brute_force_bucket: shown(login.bruteForce?.bucket ?? ''),
      feature: shown(login.feature),
      status_message: toUtf8String(messageOf(verdict, login)),
      uri_path: login.uriPath,
      authenticated: resultShown(verdict, login),
      latency: formatDuration(services.clock.monotonic() - login.startedAt),
    },
    furtherPairs(login),
  );
}

function shown(bytes: string): string {
  return bytes === '' ? 'N/A' : toUtf8String(bytes);
}

function resultShown(verdict: Verdict, login: Login): string {
  if (verdict.kind !== 'ok') return verdict.kind;
  return login.mode === 'no-auth' ? 'N/A' : 'ok';
}

/** Pairs of scripts and stages, then what is useful beyond the reference's line. */
function furtherPairs(login: Login): LogPairs {
  const pairs: [string, string | number | boolean][] = [];
  for (const [key, value] of login.script.logs) {
    pairs.push([toUtf8String(key), typeof value === 'string' ? toUtf8String(value) : value]);
  }
  const trace = login.script.request?.trace;
  if (trace !== undefined) pairs.push(['traceparent', trace.traceparent]);
  if (login.filterOverride) pairs.push(['filter_override', true]);
  const account = firstText(login.attributes, login.accountField);
  if (account !== '') pairs.push(['account', toUtf8String(account)]);
  return pairs;
}

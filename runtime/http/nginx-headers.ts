/** Headers of nginx's mail authentication protocol: where to connect to, how long to wait, what to tell SMTP clients. */
import type { Login } from '../login/login.ts';
import type { Verdict } from '../login/verdict.ts';
import type { Generation } from '../pipeline/generation.ts';
import type { LoginHeader } from './describe-login.ts';

/** SMTP reply code of a temporary failure (RFC 3463: other mail system status). */
const SMTP_TEMPFAIL = '451 4.3.0';

type MailServer = readonly [host: string, port: number];

export function nginxHeaders(verdict: Verdict, login: Login, generation: Generation): LoginHeader[] {
  if (verdict.kind === 'ok') return serverHeaders(login, generation);
  if (verdict.kind === 'fail') return waitHeaders(login, generation);
  return login.protocol === 'smtp' ? [['Auth-Error-Code', SMTP_TEMPFAIL]] : [];
}

/** The server a filter selected when servers are monitored, otherwise the configured one of the protocol. */
function serverHeaders(login: Login, generation: Generation): LoginHeader[] {
  const monitored = isMonitoring(generation);
  const selected = login.script.selectedServer;
  const server = monitored
    ? selected && ([selected.host, selected.port] as const)
    : configuredServer(login, generation);
  if (!server || server[0] === '' || server[1] <= 0) return [];
  return [
    ['Auth-Server', server[0]],
    ['Auth-Port', String(server[1])],
  ];
}

/** What nginx gets instead of OK when there is no mail server it could be sent to. */
export function isWithoutServers(verdict: Verdict, generation: Generation): boolean {
  return verdict.kind === 'ok' && isMonitoring(generation) && generation.services.backendServers.alive().length === 0;
}

function isMonitoring({ config }: Generation): boolean {
  return config.server.features.includes('backend_server_monitoring');
}

function configuredServer(login: Login, { config }: Generation): MailServer | undefined {
  const { environment } = config;
  switch (login.protocol) {
    case 'smtp':
    case 'smtps':
    case 'submission':
      return [environment.smtp_backend_address, environment.smtp_backend_port];
    case 'imap':
    case 'imaps':
      return [environment.imap_backend_address, environment.imap_backend_port];
    case 'pop3':
    case 'pop3s':
      return [environment.pop3_backend_address, environment.pop3_backend_port];
    default:
      return undefined;
  }
}

/** Grows with the attempts and levels off at the configured delay. */
function waitHeaders(login: Login, { config }: Generation): LoginHeader[] {
  const { nginx_wait_delay: delay, max_login_attempts: most } = config.environment;
  if (delay <= 0) return [];
  const known = login.history?.currentRetries || login.loginAttempts;
  const attempts = Math.min(255, known < most ? known + 1 : known);
  return [['Auth-Wait', String(Math.trunc(delay * Math.tanh(0.03 * attempts)))]];
}

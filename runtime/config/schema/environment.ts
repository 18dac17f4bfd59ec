/** Settings that exist only as environment variables, `NAUTHILUS_` + the name in upper case (server.md 3.6). */
import * as z from 'zod';
import { flag, network, text } from './values.ts';

const count = (fallback: number, most: number) => z.int().min(0).max(most).default(fallback);

export const environmentSchema = z.strictObject({
  developer_mode: flag().describe('Stored passwords of the history are not hashed. Never for production.'),
  trusted_proxies: z
    .array(network())
    .default(['127.0.0.1', '::1'])
    .describe('Peers whose X-Forwarded-For is believed.'),
  local_cache_auth_ttl: count(30, 86_400).describe('Seconds the in-memory cache keeps a login.'),
  lua_script_timeout: z.number().positive().max(3600).default(120).describe('Seconds a script may take.'),
  max_action_workers: z.int().min(1).max(10_000).default(100).describe('Actions that run at the same time.'),
  nginx_wait_delay: count(10, 255).describe('Base of Auth-Wait in seconds; 0 = no header.'),
  max_login_attempts: z
    .int()
    .min(1)
    .max(255)
    .default(15)
    .describe('Attempts after which nginx is told to wait no longer.'),
  smtp_backend_address: text().default('127.0.0.1').describe('Auth-Server for SMTP without monitoring.'),
  smtp_backend_port: count(5871, 65_535).describe('Auth-Port for SMTP without monitoring.'),
  imap_backend_address: text().default('127.0.0.1').describe('Auth-Server for IMAP without monitoring.'),
  imap_backend_port: count(9931, 65_535).describe('Auth-Port for IMAP without monitoring.'),
  pop3_backend_address: text().default('127.0.0.1').describe('Auth-Server for POP3 without monitoring.'),
  pop3_backend_port: count(9951, 65_535).describe('Auth-Port for POP3 without monitoring.'),
});

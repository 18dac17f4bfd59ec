/**
 * Do expensive password hashes hold up other logins? `npm run bench:passwords` builds a server whose backend compares one
 * user's password with Argon2id (64 MB, 3 passes) and another's with SSHA256, and measures the other one's logins: alone,
 * and beside 8 Argon2 logins that are always under way, in turns. What else runs on the machine only adds to the figures,
 * so the best round says most. Options: `--rounds=N` (default 6), `--seconds=S` for each phase of a round (default 3),
 * `--rate=R` logins per second (default 200), `--user=crypt` to measure a user with SHA512-crypt instead (a lower rate then).
 */
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { makeSandbox, runNode, SOURCES, startServer } from '../../test/cli/sandbox.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '200' },
    user: { type: 'string', default: 'light' },
  },
});
const MILLISECONDS = 1000 * Number(options.seconds);
const PAUSE = 1000 / Number(options.rate);
const PARALLEL = 8;

const CONFIG = `
server:
  address: "127.0.0.1:0"
  log: { level: info }
  backends: [lua]
lua:
  config: { backend_script_path: backend.lua }
`;

/** Made by `echo -n abc123 | argon2 saltsalt -id -t 3 -k 65536 -p 1 -e`, `openssl passwd -6 -salt saltsalt abc123`, and by hand. */
const BACKEND = `
dynamic_loader("nauthilus_password")
local password = require("nauthilus_password")
local hashes = {
  heavy = "$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$LROfKT5+XaM9QrXaZhs5ntqULUl8zbMGj2AABWKaP7E",
  crypt = "$6$saltsalt$Nqc2ZGI186L/Vw8t6jZhYnVfiBLB80QMN/OKZrFzyvsQ570NMzfQJcA4InDeJ92BlBSyYWYoanzWgLT3NhQen.",
  light = "{SSHA256}3TV0WQf1FnUI7tPrPWv1IShkk4FYE6rffUjKH7QrECVzYWx0c2FsdA==",
}
function nauthilus_backend_verify_password(request)
  local match, reason = password.compare_passwords(hashes[request.username], request.password)
  if reason then error(reason) end
  local result = nauthilus_backend_result.new()
  result:user_found(true)
  result:account_field("account")
  result:attributes({ account = request.username })
  result:authenticated(match)
  return nauthilus_builtin.BACKEND_RESULT_OK, result
end
`;

const sandbox = makeSandbox({ 'nauthilus.yml': CONFIG, 'backend.lua': BACKEND });
const built = await runNode([SOURCES, 'build'], sandbox.folder);
if (built.code !== 0) throw new Error(built.stderr);
const server = await startServer(['dist/nauthilus.mjs', 'start', '-c', 'nauthilus.yml'], sandbox.folder);
const pool = new Pool(server.url, { connections: 64 });

/** Milliseconds of one login; fails unless it succeeds. */
async function login(username: string): Promise<number> {
  const start = performance.now();
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/api/v1/auth/json?in-memory=0',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'abc123', client_ip: '192.0.2.7', service: 'imap' }),
  });
  await body.dump();
  if (statusCode !== 200) throw new Error(`login of ${username}: ${statusCode}`);
  return performance.now() - start;
}

/** Logins of the light user at a fixed rate, whether or not earlier ones have been answered. */
async function measure(): Promise<readonly number[]> {
  const logins: Promise<number>[] = [];
  const start = performance.now();
  for (let due = 0; due < MILLISECONDS; due += PAUSE) {
    const wait = start + due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    logins.push(login(options.user));
  }
  return Promise.all(logins);
}

/** Milliseconds that so great a share of the logins took at most. */
function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function report(name: string, rounds: readonly (readonly number[])[]): void {
  const list = (share: number) =>
    rounds
      .map((times) => quantile(times, share))
      .sort((a, b) => a - b)
      .map((ms) => ms.toFixed(1))
      .join(' ');
  console.log(`${name}, ms of each round, best first\n  p50 ${list(0.5)}\n  p99 ${list(0.99)}\n  max ${list(1)}`);
}

/** The same beside Argon2 logins; theirs are added to `heavy`. */
async function measureBeside(heavy: number[]): Promise<readonly number[]> {
  let isOver = false;
  const loops = Array.from({ length: PARALLEL }, async () => {
    while (!isOver) heavy.push(await login('heavy'));
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const times = await measure();
  isOver = true;
  await Promise.all(loops);
  return times;
}

for (let i = 0; i < 10 * Number(options.rate); i++) await login(options.user);
await login('heavy');
const heavy: number[] = [];
const [alone, beside]: [(readonly number[])[], (readonly number[])[]] = [[], []];
for (let round = 0; round < Number(options.rounds); round++) {
  alone.push(await measure());
  beside.push(await measureBeside(heavy));
}
report(`logins of ${options.user} alone`, alone);
report(`logins of ${options.user} beside ${PARALLEL} Argon2 logins`, beside);
console.log(`${heavy.length} Argon2 logins, p50 ${quantile(heavy, 0.5).toFixed(0)} ms`);

await pool.close();
await server.stop();
sandbox.remove();

/** What is measured: kinds of logins, the configuration of each, and what a bare handler has to do for the same answer. */
import { readFileSync } from 'node:fs';

/** What the scripts ask of Redis: feature (SISMEMBER), filter (HGETALL), post action (HINCRBY and EXPIRE). */
export type RedisStep = 'block-list' | 'route' | 'counter';

export interface Scenario {
  readonly name: string;
  readonly doc: string;
  readonly path: string;
  /** Stages beside the backend, in the configuration. */
  readonly stages: 'none' | 'scripts' | 'scripts and brute force';
  /** What the bare handler asks. */
  readonly steps: readonly RedisStep[];
  /** Every other password is wrong. */
  readonly hasWrongPasswords: boolean;
  /** All logins are of one user. */
  readonly isOneUser: boolean;
  /** Least share of the bare handler's requests/s; undefined where no bar is set. */
  readonly bar?: number;
}

const UNCACHED = '/api/v1/auth/json?in-memory=0';
const ALL: readonly RedisStep[] = ['block-list', 'route', 'counter'];
const USUAL = { path: UNCACHED, stages: 'scripts', steps: ALL, hasWrongPasswords: false, isOneUser: false } as const;

export const SCENARIOS: readonly Scenario[] = [
  { ...USUAL, name: 'lua', doc: 'Lua backend only', stages: 'none', steps: [], bar: 0.6 },
  { ...USUAL, name: 'redis', doc: 'feature, backend, filter, post action: 4 Redis commands', bar: 0.7 },
  { ...USUAL, name: 'brute-force', doc: 'the same with three brute-force rules', stages: 'scripts and brute force' },
  {
    ...USUAL,
    name: 'no-auth',
    doc: 'look-ups without a password',
    path: `${UNCACHED}&mode=no-auth`,
    steps: ['route', 'counter'],
  },
  { ...USUAL, name: 'wrong', doc: 'half of the passwords wrong', hasWrongPasswords: true },
  {
    ...USUAL,
    name: 'cached',
    doc: 'hits of the memory cache',
    path: '/api/v1/auth/json',
    stages: 'none',
    steps: [],
    isOneUser: true,
  },
];

const RULES = `brute_force:
  buckets:
    - { name: minute, period: 60, cidr: 32, ipv4: true, failed_requests: 10 }
    - { name: hour, period: 3600, cidr: 24, ipv4: true, failed_requests: 15 }
    - { name: day, period: 86400, cidr: 16, ipv4: true, failed_requests: 30 }
`;

const SCRIPTS = `  features: [{ name: blocked, script_path: feature.lua }]
  filters: [{ name: route, script_path: filter.lua }]
  actions: [{ type: post, name: counter, script_path: post.lua }]
`;

/** Files of a project: path → text. */
export function projectFiles(
  stages: Scenario['stages'],
  port: number,
  redis: string,
): Readonly<Record<string, string>> {
  const features = { none: '', scripts: 'lua', 'scripts and brute force': 'brute_force, lua' }[stages];
  const config = `server:
  address: "127.0.0.1:${port}"
  log: { level: info }
  backends: [lua]
  features: [${features}]
  brute_force_protocols: [imap]
  redis: { pool_size: 64, idle_pool_size: 8, password_nonce: bench, prefix: "bench:", master: { address: "${redis}" } }
${stages === 'scripts and brute force' ? RULES : ''}lua:
${stages === 'none' ? '' : SCRIPTS}  config: { backend_script_path: backend.lua }
`;
  const scripts = stages === 'none' ? ['backend'] : ['backend', 'feature', 'filter', 'post'];
  const text = (name: string) => readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');
  return { 'bench.yml': config, ...Object.fromEntries(scripts.map((name) => [`${name}.lua`, text(name)])) };
}

/** Blocked networks and accounts. A body with lists restricts the answer: a part without a list is empty then. */
import { toUtf8String } from '../../login/text.ts';
import { listAccounts, listNetworks } from '../../pipeline/brute-force/administer.ts';
import type { Generation } from '../../pipeline/generation.ts';
import { jsonAnswer } from '../answers.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { listField, MALFORMED, readJsonObject } from '../read-json.ts';

/** Undefined: all. */
interface Filter {
  readonly addresses: readonly string[] | undefined;
  readonly accounts: readonly string[] | undefined;
}

export default definePlainEndpoint({
  methods: ['GET', 'POST', 'DELETE'],
  paths: ['/api/v1/bruteforce/list'],
  handle: async ({ body }, generation, { session }) => {
    const filter = readFilter(body);
    if (filter === undefined) return MALFORMED;
    generation.services.log.info({ session, msg: 'list' });
    const networks = await part('ip_addresses', listNetworks(filter.addresses, generation), generation);
    const accounts = await part('accounts', listAccounts(filter.accounts, generation), generation);
    const isComplete = networks.error === null && accounts.error === null;
    const answer = { session, object: 'bruteforce', operation: 'list', result: [networks, accounts] };
    return jsonAnswer(isComplete ? 200 : 500, answer);
  },
});

function readFilter(body: Buffer): Filter | undefined {
  if (body.length === 0) return { addresses: undefined, accounts: undefined };
  const fields = readJsonObject(body);
  if (fields === undefined) return undefined;
  const addresses = listField(fields, 'ip_addresses');
  const accounts = listField(fields, 'accounts');
  if (addresses === undefined || accounts === undefined) return undefined;
  if (addresses === 'absent' && accounts === 'absent') return { addresses: undefined, accounts: undefined };
  return { addresses: addresses === 'absent' ? [] : addresses, accounts: accounts === 'absent' ? [] : accounts };
}

async function part(
  name: string,
  asked: Promise<ReadonlyMap<string, string | readonly string[]>>,
  { services }: Generation,
): Promise<{ readonly error: string | null } & Record<string, unknown>> {
  try {
    const found = [...(await asked)].map(([key, value]) => [toUtf8String(key), shown(value)]);
    return { [name]: Object.fromEntries(found), error: null };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    services.log.error({ msg: `bruteforce/list: ${text}` });
    return { [name]: {}, error: text };
  }
}

function shown(value: string | readonly string[]): string | readonly string[] {
  return typeof value === 'string' ? toUtf8String(value) : value.map(toUtf8String);
}

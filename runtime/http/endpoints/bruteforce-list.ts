/** Blocked networks and accounts. A body with lists restricts the answer: a part without a list is empty then. */
import * as z from 'zod';
import { fromUtf8, toUtf8String } from '../../login/text.ts';
import { listAccounts, listNetworks } from '../../pipeline/brute-force/administer.ts';
import type { Generation } from '../../pipeline/generation.ts';
import { jsonAnswer } from '../answers.ts';
import { json, REFUSED } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { readFields } from '../read-json.ts';

const ASKED = z.looseObject({
  ip_addresses: z.array(z.string()).nullish().describe('Networks are listed in which one of these lies.'),
  accounts: z.array(z.string()).nullish().describe('These accounts are listed.'),
});

const LISTED = z.object({
  session: z.string(),
  object: z.literal('bruteforce'),
  operation: z.literal('list'),
  result: z.tuple([
    z.object({
      ip_addresses: z.record(z.string(), z.string()).describe('Names of rules by network.'),
      error: z.string().nullable(),
    }),
    z.object({
      accounts: z.record(z.string(), z.array(z.string())).describe('Addresses by account.'),
      error: z.string().nullable(),
    }),
  ]),
});

/** Undefined: all. */
interface Filter {
  readonly addresses: readonly string[] | undefined;
  readonly accounts: readonly string[] | undefined;
}

export default definePlainEndpoint({
  methods: ['GET', 'POST', 'DELETE'],
  paths: ['/api/v1/bruteforce/list'],
  describe: (_config, method) => ({
    summary: 'Lists blocked networks and accounts.',
    ...(method === 'GET' ? {} : { body: { required: false, bodies: json(ASKED) } }),
    answers: {
      200: [{ description: 'All, or what the body asks for.', bodies: json(LISTED) }],
      400: [REFUSED],
      500: [{ description: 'The lists are not complete: see `error`.', bodies: json(LISTED) }],
    },
  }),
  handle: async ({ body }, generation, { session }) => {
    const read = body.length === 0 ? { fields: {} } : readFields(ASKED, body);
    if ('refused' in read) return read.refused;
    const filter = filterOf(read.fields);
    generation.services.log.info({ session, msg: 'list' });
    const networks = await part(listNetworks(filter.addresses, generation), toUtf8String, generation);
    const accounts = await part(listAccounts(filter.accounts, generation), showAll, generation);
    const answer: z.output<typeof LISTED> = {
      session,
      object: 'bruteforce',
      operation: 'list',
      result: [
        { ip_addresses: networks.found, error: networks.error },
        { accounts: accounts.found, error: accounts.error },
      ],
    };
    return jsonAnswer(networks.error === null && accounts.error === null ? 200 : 500, answer);
  },
});

function filterOf({ ip_addresses: addresses, accounts }: z.output<typeof ASKED>): Filter {
  if (!addresses && !accounts) return { addresses: undefined, accounts: undefined };
  return { addresses: (addresses ?? []).map(fromUtf8), accounts: (accounts ?? []).map(fromUtf8) };
}

interface Part<Shown> {
  readonly found: Record<string, Shown>;
  readonly error: string | null;
}

async function part<Value, Shown>(
  asked: Promise<ReadonlyMap<string, Value>>,
  show: (value: Value) => Shown,
  { services }: Generation,
): Promise<Part<Shown>> {
  try {
    const found = [...(await asked)].map(([key, value]) => [toUtf8String(key), show(value)]);
    return { found: Object.fromEntries(found), error: null };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    services.log.error({ msg: `bruteforce/list: ${text}` });
    return { found: {}, error: text };
  }
}

function showAll(values: readonly string[]): string[] {
  return values.map(toUtf8String);
}

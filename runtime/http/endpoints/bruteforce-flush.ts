/** Unblocks an address. */
import * as z from 'zod';
import { fromUtf8, toUtf8String } from '../../login/text.ts';
import { unblock } from '../../pipeline/brute-force/administer.ts';
import { jsonAnswer } from '../answers.ts';
import { json, REFUSED } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { readFields, requiredAddress, requiredText } from '../read-json.ts';

const ASKED = z.looseObject({
  ip_address: requiredAddress().meta({ examples: ['192.0.2.7'] }),
  rule_name: requiredText().meta({ description: 'Name of a rule; `*`: all.', examples: ['*'] }),
});

const FLUSHED = z.object({
  session: z.string(),
  object: z.literal('bruteforce'),
  operation: z.literal('flush'),
  result: z.object({
    ip_address: z.string(),
    rule_name: z.string(),
    removed_keys: z.array(z.string()).nullable().describe('Keys in Redis, sorted; null without any.'),
    status: z.literal('flushed'),
  }),
});

export default definePlainEndpoint({
  methods: ['DELETE'],
  paths: ['/api/v1/bruteforce/flush'],
  describe: () => ({
    summary: 'Unblocks an address.',
    body: { required: true, bodies: json(ASKED) },
    answers: { 200: [{ description: 'Unblocked, if it was blocked.', bodies: json(FLUSHED) }], 400: [REFUSED] },
  }),
  handle: async ({ body }, generation, { session }) => {
    const read = readFields(ASKED, body);
    if ('refused' in read) return read.refused;
    const { ip_address: address, rule_name: rule } = read.fields;
    const removed = [...(await unblock(address, fromUtf8(rule), generation))].sort().map(toUtf8String);
    const { log } = generation.services;
    log.info({ session, bruteforce: 'flush', ip_address: address, rule_name: rule });
    for (const keys of removed) log.info({ session, keys, status: 'flushed' });
    const answer: z.output<typeof FLUSHED> = {
      session,
      object: 'bruteforce',
      operation: 'flush',
      result: {
        ip_address: address,
        rule_name: rule,
        removed_keys: removed.length === 0 ? null : removed,
        status: 'flushed',
      },
    };
    return jsonAnswer(200, answer);
  },
});

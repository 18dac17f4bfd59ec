/** Unblocks an address. */
import { toUtf8String } from '../../login/text.ts';
import { unblock } from '../../pipeline/brute-force/administer.ts';
import { jsonAnswer } from '../answers.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { type FieldError, invalidFields, isAddress, MALFORMED, readJsonObject, textField } from '../read-json.ts';

export default definePlainEndpoint({
  methods: ['DELETE'],
  paths: ['/api/v1/bruteforce/flush'],
  handle: async ({ body }, generation, { session }) => {
    const fields = readJsonObject(body);
    if (fields === undefined) return MALFORMED;
    const address = textField(fields, 'ip_address');
    const rule = textField(fields, 'rule_name');
    if (address === undefined || rule === undefined) return MALFORMED;
    const errors = complaints(address, rule);
    if (errors.length > 0) return invalidFields(errors);
    const removed = [...(await unblock(address, rule, generation))].sort().map(toUtf8String);
    const { log } = generation.services;
    log.info({ session, bruteforce: 'flush', ip_address: address, rule_name: toUtf8String(rule) });
    for (const keys of removed) log.info({ session, keys, status: 'flushed' });
    const result = {
      ip_address: address,
      rule_name: toUtf8String(rule),
      removed_keys: removed.length === 0 ? null : removed,
      status: 'flushed',
    };
    return jsonAnswer(200, { session, object: 'bruteforce', operation: 'flush', result });
  },
});

function complaints(address: string, rule: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (address === '') errors.push({ field: 'IPAddress', message: 'This field is required' });
  else if (!isAddress(address)) errors.push({ field: 'IPAddress', message: 'This field must be a valid IP address' });
  if (rule === '') errors.push({ field: 'RuleName', message: 'This field is required' });
  return errors;
}

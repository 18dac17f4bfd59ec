/** Networks from which single users are exempt from single checks: an addition, in the manner of later versions. */
import {
  attemptLater,
  type Declaration,
  defineModule,
  error,
  fromUtf8,
  type HostCall,
  io,
  type LuaValue,
  type Outcome,
  result,
  str,
  tableFromArray,
  toUtf8String,
} from '../host/index.ts';
import {
  RedisError,
  SOFT_WHITELIST_FEATURES,
  SoftWhitelistError,
  type SoftWhitelistFeature,
} from '../services/index.ts';

const user = str('username');
const network = str('network');
const feature = str('feature');

/** The feature, or the text of what is wrong with user or feature. */
function checked(name: string, wanted: string): { readonly feature: SoftWhitelistFeature } | string {
  if (name === '') return 'the username is empty';
  const found = SOFT_WHITELIST_FEATURES.find((each) => each === wanted);
  return found === undefined
    ? `wrong feature '${wanted}'; known: ${SOFT_WHITELIST_FEATURES.join(', ')}`
    : { feature: found };
}

/** What the act gives, or what `failed` makes of the text of its failure. */
async function attempt(act: () => Promise<LuaValue>, failed: (text: string) => Outcome): Promise<Outcome> {
  return attemptLater([RedisError, SoftWhitelistError], ({ message }) => failed(fromUtf8(message)), act);
}

type List = HostCall['services']['softWhitelist'];

/** nil, or the text of what went wrong. */
function changes(
  doc: string,
  act: (list: List, feature: SoftWhitelistFeature, name: string, cidr: string) => Promise<unknown>,
): Declaration {
  return io({ doc, args: [user, network, feature], returns: [error] }, ({ services }, name, cidr, wanted) => {
    const known = checked(name, wanted);
    if (typeof known === 'string') return known;
    return attempt(
      async () => {
        await act(services.softWhitelist, known.feature, name, toUtf8String(cidr));
        return undefined;
      },
      (text) => text,
    );
  });
}

export default defineModule({
  name: 'nauthilus_soft_whitelist',
  classes: 'all',
  doc: 'Networks from which a user is exempt from brute_force, relay_domains or rbl.',
  functions: {
    soft_whitelist_set: changes(
      'Exempt a user in a network (CIDR) from a feature; nil on success.',
      (list, of, name, cidr) => list.add(of, name, cidr),
    ),
    soft_whitelist_get: io(
      {
        doc: 'The networks in which scripts have exempted a user from a feature, {} without any.',
        args: [user, feature],
        returns: [result('networks', 'string[]?'), error],
      },
      ({ services }, name, wanted) => {
        const known = checked(name, wanted);
        if (typeof known === 'string') return [undefined, known];
        return attempt(
          async () => tableFromArray([...(await services.softWhitelist.networks(known.feature, name))]),
          (text) => [undefined, text],
        );
      },
    ),
    soft_whitelist_delete: changes(
      'No longer exempt a user in a network from a feature; nil on success, also when there was no such entry.',
      (list, of, name, cidr) => list.remove(of, name, cidr),
    ),
  },
});

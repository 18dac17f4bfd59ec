/** The whole configuration. Property names are the keys of the file, so that one name finds file, code and documentation. */
import './without-generated-code.ts';
import * as z from 'zod';
import { bruteForceSchema } from './brute-force.ts';
import { environmentSchema } from './environment.ts';
import { blockListsSchema, monitoringSchema, relayDomainsSchema } from './features.ts';
import { ldapSchema } from './ldap.ts';
import { luaSchema } from './lua.ts';
import { serverSchema } from './server.ts';
import { network } from './values.ts';

export const configSchema = z.strictObject({
  server: serverSchema.describe('The server itself.'),
  realtime_blackhole_lists: blockListsSchema.prefault({}).describe('Feature rbl.'),
  cleartext_networks: z.array(network()).default([]).describe('Clients that need no TLS (feature tls_encryption).'),
  relay_domains: relayDomainsSchema.prefault({}).describe('Feature relay_domains.'),
  backend_server_monitoring: monitoringSchema.prefault({}).describe('Feature backend_server_monitoring.'),
  brute_force: bruteForceSchema.prefault({}).describe('Feature brute_force.'),
  lua: luaSchema.prefault({}).describe('Scripts.'),
  ldap: ldapSchema.optional().describe('LDAP backend.'),
  oauth2: z.unknown().optional().describe('Accepted and ignored.'),
  environment: environmentSchema.prefault({}).describe('Settings that are environment variables only.'),
});

/** A complete, validated configuration; immutable by convention, a reload makes a new one. */
export type Config = z.output<typeof configSchema>;

/** `ldap`: servers, pools and search blocks of the LDAP backend (server.md 3.5). */
import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { flag, oneOf, secret, size, text } from './values.ts';

const LDAP_SCOPES = ['base', 'one', 'sub'] as const;

const ldapConfig = z
  .strictObject({
    server_uri: z
      .array(
        text().refine((value) => /^ldaps?:\/\/\S+$/i.test(value), {
          error: 'must be ldap://host:port or ldaps://host:port',
        }),
      )
      .default([])
      .describe('Servers, tried in this order.'),
    bind_dn: text().default('').describe('Identity that searches.'),
    bind_pw: secret().describe('Its password.'),
    sasl_external: flag().describe('Bind with the client certificate instead.'),
    starttls: flag().describe('Change to TLS after connecting with ldap://.'),
    tls_skip_verify: flag().describe('Do not verify the server certificate.'),
    tls_ca_cert: text().default('').describe('Authorities (PEM file); the system ones without it.'),
    tls_client_cert: text().default('').describe('Client certificate (PEM file).'),
    tls_client_key: text().default('').describe('Key of the client certificate (PEM file).'),
    lookup_pool_size: size(availableParallelism())
      .meta({ perMachine: true })
      .describe('Connections for searches; one per processor core without it.'),
    lookup_idle_pool_size: size(2).describe('Connections for searches that stay open without work.'),
    auth_pool_size: size(availableParallelism())
      .meta({ perMachine: true })
      .describe('Connections for binds of users; one per processor core without it.'),
    auth_idle_pool_size: size(2).describe('Connections for binds that stay open without work.'),
    pool_only: flag().describe('Only for ldap_search of scripts; the backend itself takes no part.'),
  })
  .transform((pools) => ({
    ...pools,
    lookup_pool_size: Math.max(pools.lookup_pool_size, pools.lookup_idle_pool_size),
    auth_pool_size: Math.max(pools.auth_pool_size, pools.auth_idle_pool_size),
  }));

const filter = z.strictObject({
  user: text().default('').describe('Finds the user; macros such as %L{user}.'),
  list_accounts: text().default('').describe('Finds all accounts.'),
  webauthn_credentials: text().default('').describe('Accepted and ignored.'),
});

const mapping = z.strictObject({
  account_field: text().default('').describe('Attribute with the account name.'),
  totp_secret_field: text().default('').describe('Attribute with the TOTP secret.'),
  totp_recovery_field: text().default('').describe('Attribute with recovery codes.'),
  display_name_field: text().default('').describe('Attribute with the name of the person.'),
  unique_user_id_field: text().default('').describe('Attribute with an unchanging id.'),
  credential_object: text().default('').describe('Accepted and ignored.'),
  credential_id_field: text().default('').describe('Accepted and ignored.'),
  public_key_field: text().default('').describe('Accepted and ignored.'),
  aaguid_field: text().default('').describe('Accepted and ignored.'),
  sign_count_field: text().default('').describe('Accepted and ignored.'),
});

const search = z.strictObject({
  protocol: z.array(text()).default([]).describe('Protocols the block is for; default is for all others.'),
  cache_name: text().default('').describe('Name space of cached logins.'),
  base_dn: text().default('').describe('Where the search begins.'),
  scope: oneOf(LDAP_SCOPES, 'wrong LDAP scope').default('sub').describe('How deep the search goes.'),
  filter: filter.prefault({}).describe('Filters.'),
  mapping: mapping.prefault({}).describe('Which attribute is what.'),
  attribute: z.array(text()).default([]).describe('Attributes to fetch.'),
});

export const ldapSchema = z.strictObject({
  config: ldapConfig.optional().describe('Connection.'),
  search: z.array(search).default([]).describe('Searches per protocol.'),
});

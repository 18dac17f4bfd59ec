/** `brute_force`: counters per network and what they tolerate (server.md 3.3 and 4). */
import * as z from 'zod';
import { FEATURES } from './server.ts';
import { flag, network, oneOf, softWhitelist, text } from './values.ts';

const bucket = z
  .strictObject({
    name: text().default('').describe('Name in logs, metrics and the API.'),
    period: z.number().default(0).describe('Seconds after which a count is forgotten.'),
    cidr: z.int().default(0).describe('Length of the network prefix that shares a count.'),
    ipv4: flag().describe('The rule is for IPv4 clients.'),
    ipv6: flag().describe('The rule is for IPv6 clients.'),
    failed_requests: z.int().default(0).describe('Failed logins until the network is blocked.'),
  })
  .superRefine((rule, context) => {
    const complain = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
    if (rule.name === '') complain('name', "missing 'name' field in rule");
    if (rule.ipv4 && rule.ipv6) complain('ipv6', "do not set 'ipv4' and 'ipv6' at the same time in a rule");
    if (!rule.ipv4 && !rule.ipv6) complain('ipv4', "neither 'ipv4' nor 'ipv6' specified in rule");
    if (rule.cidr === 0) complain('cidr', "missing 'cidr' in rule");
    if (rule.period <= 0) complain('period', "missing 'period' in rule");
    if (rule.failed_requests <= 0) complain('failed_requests', "missing 'failed_requests' in rule");
    const widest = rule.ipv6 ? 128 : 32;
    if (rule.cidr < 0 || rule.cidr > widest) complain('cidr', `must be 1 to ${widest}`);
  });

const REDIS_FAILURES = ['tempfail', 'continue'] as const;

export const bruteForceSchema = z.strictObject({
  ip_whitelist: z.array(network()).default([]).describe('Clients that are never counted or blocked.'),
  soft_whitelist: softWhitelist(),
  buckets: z.array(bucket).default([]).describe('Rules.'),
  learning: z
    .array(oneOf(FEATURES, 'wrong feature'))
    .default([])
    .describe('Features whose rejections count as failed logins.'),
  expose_history: flag().describe('JSON answers to wrong passwords list the hashed ones, as the reference does.'),
  when_redis_fails: oneOf(REDIS_FAILURES, 'wrong behaviour')
    .default('tempfail')
    .describe('What becomes of logins while the counters cannot be reached: a temporary failure, or no protection.'),
});

export type BucketConfig = z.output<typeof bucket>;

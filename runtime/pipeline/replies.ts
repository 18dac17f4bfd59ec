/** Reading lists out of what Redis answers. */
import type { RedisReply } from '../services/index.ts';

/** The members of a list or set; nothing of anything else. */
export function strings(reply: RedisReply): string[] {
  return Array.isArray(reply) ? reply.map(String) : [];
}

/** Fields and values of a hash, which come one after the other. */
export function flatPairs(reply: RedisReply): (readonly [field: string, value: string])[] {
  const flat = strings(reply);
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, at) => [flat[2 * at] ?? '', flat[2 * at + 1] ?? '']);
}

/** The type `channel`: `type(c)` is `channel`. */
import type { Channel } from '../services/index.ts';
import { UserdataKind } from './userdata.ts';

export const channels = new UserdataKind<Channel>('channel', 'channel expected', 'channel');

/** What the two sides of a port say to each other about channels. */
import type { MessagePort } from 'node:worker_threads';
import type { Wire } from './parcel.ts';

export interface WireCase {
  readonly direction: 'send' | 'receive';
  readonly channel: string;
  readonly value: Wire;
}

/** From the thread that reaches channels through the port. */
export type PortRequest =
  | { readonly kind: 'make'; readonly id: string; readonly capacity: number }
  | { readonly kind: 'select'; readonly call: number; readonly cases: readonly WireCase[]; readonly isPatient: boolean }
  | { readonly kind: 'cancel'; readonly call: number }
  | { readonly kind: 'close'; readonly call: number; readonly id: string }
  | { readonly kind: 'forget'; readonly id: string; readonly seen: number }
  /** Another thread, which that one has started. */
  | { readonly kind: 'link'; readonly port: MessagePort; readonly parcels: readonly Wire[] };

/** From the thread that holds the channels. */
export type PortReply =
  | { readonly kind: 'parcels'; readonly parcels: readonly Wire[] }
  | {
      readonly kind: 'selected';
      readonly call: number;
      readonly index: number;
      readonly value: Wire;
      readonly ok: boolean;
    }
  | { readonly kind: 'failed'; readonly call: number; readonly message: string };

/** Channels as scripts use them, the same in the thread that holds them and in those that reach them through a port. */
import type { MessagePort } from 'node:worker_threads';
import type { Channel, Parcel } from './parcel.ts';

/** Used in a way that is an error of the script; the message is its text. */
export class ChannelError extends Error {}

export type ChannelCase =
  | { readonly direction: 'receive'; readonly channel: Channel }
  | { readonly direction: 'send'; readonly channel: Channel; readonly value: Parcel };

/** Which case came about. */
export interface Selected {
  /** Place among the cases; -1 when nothing was ready and nobody wanted to wait. */
  readonly index: number;
  /** What was received. */
  readonly value: Parcel;
  /** False where a closed channel gave nothing. */
  readonly ok: boolean;
}

export interface Pending {
  /** Rejects with `ChannelError`. */
  readonly selected: Promise<Selected>;
  /** Nobody wants to know any more; without effect afterwards. */
  cancel(): void;
}

export interface ChannelService {
  /** `capacity` values can be sent before one is received. */
  make(capacity: number): Channel;
  /** Waits until one of the cases can happen, and makes it happen; with `isPatient` false it does not wait. */
  select(cases: readonly ChannelCase[], isPatient: boolean): Pending;
  /** Rejects with `ChannelError` for one that is closed. */
  close(channel: Channel): Promise<void>;
  /** Lets the thread at the other end of the port use channels; it is given the parcels first. */
  link(port: MessagePort, parcels: readonly Parcel[]): void;
}

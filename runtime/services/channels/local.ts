/** Channels of the main thread: values in order, and who waits to send or to receive. */
import { Channel, type Parcel } from './parcel.ts';
import { serveChannels } from './port-server.ts';
import { type ChannelCase, ChannelError, type ChannelService, type Pending, type Selected } from './service.ts';

/** Somebody who waits at several channels at once; only one of them can have it. */
interface Waiter {
  readonly settle: (selected: Selected) => void;
  readonly fail: (error: ChannelError) => void;
}

interface Place {
  readonly waiter: Waiter;
  /** Of the case among those of the waiter. */
  readonly index: number;
  readonly value: Parcel;
}

class LocalChannel extends Channel {
  readonly capacity: number;
  readonly values: Parcel[] = [];
  readonly senders: Place[] = [];
  readonly receivers: Place[] = [];
  isClosed = false;

  constructor(capacity: number) {
    super();
    this.capacity = capacity;
  }
}

export function createChannels(): ChannelService {
  const channels: ChannelService = {
    make: (capacity) => new LocalChannel(capacity),
    select,
    close: async (channel) => close(localOf(channel)),
    link: (port, parcels) => serveChannels(channels, port, parcels),
  };
  return channels;
}

function localOf(channel: Channel): LocalChannel {
  if (channel instanceof LocalChannel) return channel;
  throw new Error('the channel belongs to another thread');
}

function select(cases: readonly ChannelCase[], isPatient: boolean): Pending {
  const ready = cases.flatMap((each, index) => (isReady(each) ? [index] : []));
  // Of several any may be taken, so that none starves.
  const chosen = ready[Math.floor(Math.random() * ready.length)];
  if (chosen !== undefined) return pendingOf(async () => happen(cases[chosen]!, chosen));
  if (!isPatient) return pendingOf(async () => ({ index: -1, value: undefined, ok: false }));
  return waitFor(cases);
}

function pendingOf(make: () => Promise<Selected>): Pending {
  return { selected: make(), cancel: () => undefined };
}

function isReady(each: ChannelCase): boolean {
  const channel = localOf(each.channel);
  if (channel.isClosed) return true;
  if (each.direction === 'send') return channel.values.length < channel.capacity || channel.receivers.length > 0;
  return channel.values.length > 0 || channel.senders.length > 0;
}

function happen(each: ChannelCase, index: number): Selected {
  const channel = localOf(each.channel);
  if (each.direction === 'receive') return { index, ...take(channel) };
  if (channel.isClosed) throw new ChannelError('send on closed channel');
  const receiver = channel.receivers[0];
  if (receiver === undefined) channel.values.push(each.value);
  else settle(receiver, each.value, true);
  return { index, value: undefined, ok: false };
}

function take(channel: LocalChannel): { readonly value: Parcel; readonly ok: boolean } {
  const sender = channel.senders[0];
  if (channel.values.length === 0 && sender === undefined) return { value: undefined, ok: false };
  if (sender !== undefined) {
    channel.values.push(sender.value);
    settle(sender, undefined, false);
  }
  return { value: channel.values.shift(), ok: true };
}

function settle({ waiter, index }: Place, value: Parcel, ok: boolean): void {
  waiter.settle({ index, value, ok });
}

function waitFor(cases: readonly ChannelCase[]): Pending {
  let waiter: Waiter | undefined;
  const leave = (): void => {
    for (const { channel } of cases) {
      const { senders, receivers } = localOf(channel);
      remove(senders, waiter);
      remove(receivers, waiter);
    }
  };
  const selected = new Promise<Selected>((resolve, reject) => {
    const made: Waiter = {
      settle: (outcome) => {
        leave();
        resolve(outcome);
      },
      fail: (error) => {
        leave();
        reject(error);
      },
    };
    waiter = made;
    for (const [index, each] of cases.entries()) {
      const { senders, receivers } = localOf(each.channel);
      if (each.direction === 'send') senders.push({ waiter: made, index, value: each.value });
      else receivers.push({ waiter: made, index, value: undefined });
    }
  });
  return { selected, cancel: leave };
}

function remove(places: Place[], waiter: Waiter | undefined): void {
  for (let at = places.length - 1; at >= 0; at--) if (places[at]?.waiter === waiter) places.splice(at, 1);
}

function close(channel: LocalChannel): void {
  if (channel.isClosed) throw new ChannelError('close of closed channel');
  channel.isClosed = true;
  for (const { waiter } of [...channel.senders]) waiter.fail(new ChannelError('send on closed channel'));
  for (const place of [...channel.receivers]) settle(place, undefined, false);
}

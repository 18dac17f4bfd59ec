/** Channels that another thread holds, through a port. */
import type { MessagePort } from 'node:worker_threads';
import type { PortReply, PortRequest, WireCase } from './messages.ts';
import { Channel, fromWire, type Parcel, toWire } from './parcel.ts';
import { type ChannelCase, ChannelError, type ChannelService, type Pending, type Selected } from './service.ts';

class RemoteChannel extends Channel {
  readonly id: string;

  constructor(id: string) {
    super();
    this.id = id;
  }
}

interface Call {
  readonly resolve: (selected: Selected) => void;
  readonly reject: (error: ChannelError) => void;
}

export interface RemoteChannels {
  readonly channels: ChannelService;
  /** What the other side gives this thread to begin with. */
  readonly parcels: Promise<readonly Parcel[]>;
}

export function connectChannels(port: MessagePort): RemoteChannels {
  const client = new PortClient(port);
  return {
    parcels: client.parcels,
    channels: {
      make: (capacity) => client.make(capacity),
      select: (cases, isPatient) => client.select(cases, isPatient),
      close: (channel) => client.close(channel),
      link: (other, parcels) => client.link(other, parcels),
    },
  };
}

class PortClient {
  readonly parcels: Promise<readonly Parcel[]>;
  private readonly port: MessagePort;
  private readonly calls = new Map<number, Call>();
  /** A channel that comes again is the same one, as long as somebody has it. */
  private readonly known = new Map<string, WeakRef<RemoteChannel>>();
  private readonly forgotten = new FinalizationRegistry<string>((id) => this.forget(id));
  /** How often each has come. */
  private readonly seen = new Map<string, number>();
  private lastCall = 0;
  private made = 0;
  private begin: (parcels: readonly Parcel[]) => void = () => {};

  constructor(port: MessagePort) {
    this.port = port;
    this.parcels = new Promise((resolve) => {
      this.begin = resolve;
    });
    port.on('message', (reply: PortReply) => this.hear(reply));
  }

  make(capacity: number): RemoteChannel {
    const id = `made ${++this.made}`;
    this.say({ kind: 'make', id, capacity });
    return this.channel(id);
  }

  select(cases: readonly ChannelCase[], isPatient: boolean): Pending {
    const call = ++this.lastCall;
    const selected = this.called(call);
    this.say({ kind: 'select', call, cases: cases.map((each) => this.wireCase(each)), isPatient });
    return { selected, cancel: () => this.say({ kind: 'cancel', call }) };
  }

  async close(channel: Channel): Promise<void> {
    const call = ++this.lastCall;
    const closed = this.called(call);
    this.say({ kind: 'close', call, id: idOf(channel) });
    await closed;
  }

  link(port: MessagePort, parcels: readonly Parcel[]): void {
    const request: PortRequest = { kind: 'link', port, parcels: parcels.map((each) => toWire(each, idOf)) };
    this.port.postMessage(request, [port]);
  }

  private called(call: number): Promise<Selected> {
    return new Promise((resolve, reject) => this.calls.set(call, { resolve, reject }));
  }

  private hear(reply: PortReply): void {
    if (reply.kind === 'parcels') {
      this.begin(reply.parcels.map((each) => this.parcel(each)));
      return;
    }
    const call = this.calls.get(reply.call);
    this.calls.delete(reply.call);
    if (reply.kind === 'failed') call?.reject(new ChannelError(reply.message));
    else call?.resolve({ index: reply.index, value: this.parcel(reply.value), ok: reply.ok });
  }

  private parcel(wire: WireCase['value']): Parcel {
    return fromWire(wire, (id) => this.received(id));
  }

  private received(id: string): RemoteChannel {
    this.seen.set(id, (this.seen.get(id) ?? 0) + 1);
    return this.channel(id);
  }

  private channel(id: string): RemoteChannel {
    const known = this.known.get(id)?.deref();
    if (known !== undefined) return known;
    const channel = new RemoteChannel(id);
    this.known.set(id, new WeakRef(channel));
    this.forgotten.register(channel, id);
    return channel;
  }

  private forget(id: string): void {
    // It may have come again meanwhile.
    if (this.known.get(id)?.deref() !== undefined) return;
    this.known.delete(id);
    this.say({ kind: 'forget', id, seen: this.seen.get(id) ?? 0 });
    this.seen.delete(id);
  }

  private wireCase(each: ChannelCase): WireCase {
    const value = each.direction === 'send' ? toWire(each.value, idOf) : undefined;
    return { direction: each.direction, channel: idOf(each.channel), value };
  }

  private say(request: PortRequest): void {
    this.port.postMessage(request);
  }
}

function idOf(channel: Channel): string {
  if (channel instanceof RemoteChannel) return channel.id;
  throw new Error('the channel belongs to another thread');
}

/** The channels of this thread for a thread at the other end of a port. */
import type { MessagePort } from 'node:worker_threads';
import type { PortReply, PortRequest, WireCase } from './messages.ts';
import { type Channel, fromWire, type Parcel, toWire, type Wire } from './parcel.ts';
import { type ChannelCase, ChannelError, type ChannelService, type Pending } from './service.ts';

/** Ends with the port; what the other thread has waited for is cancelled then. */
export function serveChannels(channels: ChannelService, port: MessagePort, parcels: readonly Parcel[]): void {
  const server = new PortServer(channels, port);
  port.on('message', (request: PortRequest) => server.answer(request));
  port.on('close', () => server.end());
  // The thread itself keeps the process alive, not its channels.
  port.unref();
  server.send(parcels);
}

class PortServer {
  private readonly channels: ChannelService;
  private readonly port: MessagePort;
  private readonly byId = new Map<string, Channel>();
  private readonly ids = new Map<Channel, string>();
  /** How often each has been sent. */
  private readonly sent = new Map<string, number>();
  private readonly pending = new Map<number, Pending>();
  private made = 0;

  constructor(channels: ChannelService, port: MessagePort) {
    this.channels = channels;
    this.port = port;
  }

  send(parcels: readonly Parcel[]): void {
    this.reply({ kind: 'parcels', parcels: parcels.map((each) => this.wire(each)) });
  }

  answer(request: PortRequest): void {
    switch (request.kind) {
      case 'make':
        this.remember(request.id, this.channels.make(request.capacity));
        break;
      case 'select':
        void this.select(request.call, request.cases, request.isPatient);
        break;
      case 'cancel':
        this.pending.get(request.call)?.cancel();
        break;
      case 'close':
        void this.close(request.call, request.id);
        break;
      case 'forget':
        this.forget(request.id, request.seen);
        break;
      case 'link':
        this.link(request.port, request.parcels);
    }
  }

  end(): void {
    for (const each of this.pending.values()) each.cancel();
    this.pending.clear();
  }

  private async select(call: number, cases: readonly WireCase[], isPatient: boolean): Promise<void> {
    try {
      const given = cases.map((each) => this.caseOf(each));
      const pending = this.channels.select(given, isPatient);
      this.pending.set(call, pending);
      const { index, value, ok } = await pending.selected;
      this.reply({ kind: 'selected', call, index, value: this.wire(value), ok });
    } catch (error) {
      this.fail(call, error);
    } finally {
      this.pending.delete(call);
    }
  }

  /** A thread that was given channels that are gone gets nothing, and ends. */
  private link(port: MessagePort, parcels: readonly Wire[]): void {
    try {
      const given = parcels.map((each) => fromWire(each, (id) => this.channel(id)));
      this.channels.link(port, given);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      port.close();
    }
  }

  private async close(call: number, id: string): Promise<void> {
    try {
      await this.channels.close(this.channel(id));
      this.reply({ kind: 'selected', call, index: 0, value: undefined, ok: true });
    } catch (error) {
      this.fail(call, error);
    }
  }

  private fail(call: number, error: unknown): void {
    if (!(error instanceof ChannelError)) throw error;
    this.reply({ kind: 'failed', call, message: error.message });
  }

  private caseOf({ direction, channel, value }: WireCase): ChannelCase {
    const target = this.channel(channel);
    if (direction === 'receive') return { direction, channel: target };
    return { direction, channel: target, value: fromWire(value, (id) => this.channel(id)) };
  }

  private wire(parcel: Parcel) {
    return toWire(parcel, (channel) => this.idOf(channel));
  }

  private idOf(channel: Channel): string {
    const id = this.ids.get(channel) ?? `held ${++this.made}`;
    this.remember(id, channel);
    this.sent.set(id, (this.sent.get(id) ?? 0) + 1);
    return id;
  }

  private channel(id: string): Channel {
    const channel = this.byId.get(id);
    if (channel === undefined) throw new ChannelError('the channel is gone');
    return channel;
  }

  private remember(id: string, channel: Channel): void {
    this.byId.set(id, channel);
    this.ids.set(channel, id);
  }

  /** The other side has no use for it, unless it was sent again meanwhile. */
  private forget(id: string, seen: number): void {
    if ((this.sent.get(id) ?? 0) !== seen) return;
    this.sent.delete(id);
    const channel = this.byId.get(id);
    this.byId.delete(id);
    if (channel !== undefined) this.ids.delete(channel);
  }

  private reply(reply: PortReply): void {
    this.port.postMessage(reply);
  }
}

/** What travels between scripts: values without metatables and closures, copied on the way. Strings are bytes. */

export type Parcel = undefined | boolean | number | string | ParcelTable | ParcelCode | Channel;

/** May contain itself. */
export class ParcelTable {
  readonly entries: (readonly [Parcel, Parcel])[] = [];
}

/** A function as its text: a chunk that returns it. */
export class ParcelCode {
  readonly source: string;
  readonly chunkName: string;

  constructor(source: string, chunkName: string) {
    this.source = source;
    this.chunkName = chunkName;
  }
}

/** One end of a channel, on whatever side it lives. Compared by identity within a thread. */
export abstract class Channel {
  /** Only channels are: TypeScript tells classes apart by their members. */
  protected readonly isChannel = true;
}

/** A parcel as `postMessage` takes it; channels are numbers that the two sides of a port agree on. */
export type Wire = undefined | boolean | number | string | WireTable | WireCode | WireChannel;
interface WireTable {
  readonly kind: 'table';
  readonly entries: (readonly [Wire, Wire])[];
}
interface WireCode {
  readonly kind: 'code';
  readonly source: string;
  readonly chunkName: string;
}
interface WireChannel {
  readonly kind: 'channel';
  readonly id: string;
}

export function toWire(parcel: Parcel, idOf: (channel: Channel) => string): Wire {
  const made = new Map<ParcelTable, WireTable>();
  const convert = (each: Parcel): Wire => {
    if (each instanceof ParcelTable) return table(each);
    if (each instanceof ParcelCode) return { kind: 'code', source: each.source, chunkName: each.chunkName };
    return each instanceof Channel ? { kind: 'channel', id: idOf(each) } : each;
  };
  const table = (each: ParcelTable): WireTable => {
    const known = made.get(each);
    if (known !== undefined) return known;
    const wire: WireTable = { kind: 'table', entries: [] };
    made.set(each, wire);
    for (const [key, value] of each.entries) wire.entries.push([convert(key), convert(value)]);
    return wire;
  };
  return convert(parcel);
}

export function fromWire(wire: Wire, channelOf: (id: string) => Channel): Parcel {
  const made = new Map<WireTable, ParcelTable>();
  const convert = (each: Wire): Parcel => {
    if (typeof each !== 'object') return each;
    if (each.kind === 'channel') return channelOf(each.id);
    return each.kind === 'code' ? new ParcelCode(each.source, each.chunkName) : table(each);
  };
  const table = (each: WireTable): ParcelTable => {
    const known = made.get(each);
    if (known !== undefined) return known;
    const parcel = new ParcelTable();
    made.set(each, parcel);
    for (const [key, value] of each.entries) parcel.entries.push([convert(key), convert(value)]);
    return parcel;
  };
  return convert(wire);
}

/** Filters as they travel (RFC 4511 section 4.5.1.7), for the LDAP library; its own reader knows neither bytes nor options. */
import { type BerReader, type BerWriter, Filter, type SearchFilterValues } from 'ldapts';
import type { Comparison, Extensible, FilterNode, Substrings } from '../../config/ldap-filter.ts';

const OCTETS = 0x04;

const COMPARISON_TAGS: Readonly<Record<Comparison, SearchFilterValues>> = {
  equal: 0xa3,
  greater: 0xa5,
  less: 0xa6,
  approximate: 0xa8,
};

/** Contents of a filter within its tag. */
class WrittenFilter extends Filter {
  override type: SearchFilterValues;
  private readonly content: (writer: BerWriter) => void;

  constructor(type: SearchFilterValues, content: (writer: BerWriter) => void) {
    super();
    this.type = type;
    this.content = content;
  }

  override writeFilter(writer: BerWriter): void {
    this.content(writer);
  }

  override parseFilter(_reader: BerReader): void {
    throw new Error('filters are only sent');
  }

  override toString(): string {
    return '(filter)';
  }
}

export function toLibraryFilter(node: FilterNode): Filter {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const parts = node.parts.map(toLibraryFilter);
      return new WrittenFilter(node.kind === 'and' ? 0xa0 : 0xa1, (writer) => {
        for (const part of parts) part.write(writer);
      });
    }
    case 'not': {
      const part = toLibraryFilter(node.part);
      return new WrittenFilter(0xa2, (writer) => part.write(writer));
    }
    case 'present':
      return new WrittenFilter(0x87, (writer) => {
        for (const byte of Buffer.from(node.attribute, 'latin1')) writer.writeByte(byte);
      });
    case 'substrings':
      return new WrittenFilter(0xa4, (writer) => writeSubstrings(writer, node.attribute, node));
    case 'extensible':
      return new WrittenFilter(0xa9, (writer) => writeExtensible(writer, node));
    default:
      return new WrittenFilter(COMPARISON_TAGS[node.kind], (writer) => {
        writer.writeString(node.attribute);
        writer.writeBuffer(node.value, OCTETS);
      });
  }
}

function writeSubstrings(writer: BerWriter, attribute: string, { initial, any, final }: Substrings): void {
  writer.writeString(attribute);
  writer.startSequence();
  if (initial !== undefined) writer.writeBuffer(initial, 0x80);
  for (const part of any) writer.writeBuffer(part, 0x81);
  if (final !== undefined) writer.writeBuffer(final, 0x82);
  writer.endSequence();
}

function writeExtensible(writer: BerWriter, { rule, attribute, value, isDn }: Extensible): void {
  if (rule !== '') writer.writeString(rule, 0x81);
  if (attribute !== '') writer.writeString(attribute, 0x82);
  writer.writeBuffer(value, 0x83);
  if (isDn) writer.writeBoolean(true, 0x84);
}

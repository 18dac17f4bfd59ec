/** YAML 1.1 texts to Lua values, as yaml.v2 decodes them: null members are absent, null elements dropped. */

import type { Alias, Pair, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  visit,
} from 'yaml';
import {
  charge,
  fromBuffer,
  fromUtf8,
  LuaTable,
  type LuaValue,
  rawGet,
  rawSet,
  replaceInvalid,
  textOf,
  toUtf8String,
} from '../../host/index.ts';
import { complaintOf, YamlError } from './errors.ts';
import { type Resolved, resolvePlain, type ScalarKind } from './scalars.ts';

export interface DecodeOptions {
  /** Keys that occur twice are an error. */
  readonly isStrict: boolean;
}

/** Bytes parsed per unit of the step budget. */
const BYTES_PER_STEP = 4;
/** Nodes that are copies made for aliases; more is an attack. */
const MOST_COPIES = 100_000;
const DEEPEST = 1000;

/** The documents of a text, one after the other; errors of one come when it is reached. Throws `YamlError`. */
export function* decodeDocuments(bytes: string, options: () => DecodeOptions): Generator<LuaValue, void, undefined> {
  charge(bytes.length / BYTES_PER_STEP);
  if (replaceInvalid(bytes) !== bytes) throw new YamlError('invalid leading UTF-8 octet');
  const text = toUtf8String(bytes);
  const lines = new LineCounter();
  // Everything is a text here; what it means is decided by `resolvePlain`.
  const composer = new Composer({ version: '1.1', schema: 'failsafe', uniqueKeys: false, merge: false });
  for (const document of composer.compose(new Parser(lines.addNewLine).parse(text), false, text.length)) {
    yield new DocumentDecoder(document, lines, text, options()).decode();
  }
}

type ParsedDocument = Document<ParsedNode, boolean>;

class DocumentDecoder {
  private readonly document: ParsedDocument;
  private readonly lines: LineCounter;
  private readonly text: string;
  private readonly options: DecodeOptions;
  private readonly duplicates: string[] = [];
  private readonly targets = new Map<Alias, Node>();
  /** How many aliases the current node is behind. */
  private aliasDepth = 0;
  private copies = 0;

  constructor(document: ParsedDocument, lines: LineCounter, text: string, options: DecodeOptions) {
    this.document = document;
    this.lines = lines;
    this.text = text;
    this.options = options;
  }

  decode(): LuaValue {
    const { contents, errors, warnings } = this.document;
    const problems = [...errors, ...warnings.filter(({ code }) => code === 'BAD_DIRECTIVE')];
    if (problems.length > 0) throw complaintOf(problems, this.lines, this.text, isSeq(contents));
    this.findTargets();
    const value = this.value(contents, 0);
    if (this.duplicates.length > 0) throw new YamlError(`unmarshal errors:\n  ${this.duplicates.join('\n  ')}`);
    return value;
  }

  /** An alias means the last node before it that has its anchor. */
  private findTargets(): void {
    const anchors = new Map<string, Node>();
    visit(this.document, {
      Alias: (_, alias) => {
        const target = anchors.get(alias.source);
        if (target !== undefined) this.targets.set(alias, target);
      },
      Node: (_, node) => {
        if (!isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
  }

  private value(node: Node | null | undefined, depth: number): LuaValue {
    if (this.aliasDepth > 0 && ++this.copies > MOST_COPIES) {
      throw new YamlError('document contains excessive aliasing');
    }
    if (depth > DEEPEST) throw new YamlError('exceeded max depth of 1000');
    charge(1);
    if (isAlias(node)) return this.aliased(node, depth);
    if (isMap(node)) return this.map(node, depth);
    if (isSeq(node)) return this.list(node, depth);
    return isScalar(node) ? scalarValue(node) : undefined;
  }

  private aliased(alias: Alias, depth: number): LuaValue {
    this.aliasDepth += 1;
    const value = this.value(this.anchored(alias), depth + 1);
    this.aliasDepth -= 1;
    return value;
  }

  private anchored(alias: Alias): Node {
    const node = this.targets.get(alias);
    if (node === undefined) throw new YamlError(`unknown anchor '${fromUtf8(alias.source)}' referenced`);
    return node;
  }

  private list({ items }: YAMLSeq, depth: number): LuaTable {
    const list = new LuaTable();
    let next = 1;
    for (const item of items) {
      const value = isPair(item) ? undefined : this.value(item as Node | null, depth + 1);
      if (value !== undefined) rawSet(list, next++, value);
    }
    return list;
  }

  private map({ items }: YAMLMap, depth: number): LuaTable {
    const map = new LuaTable();
    for (const pair of items) {
      if (isMergeKey(pair)) this.merge(map, pair.value as Node | null, depth);
      else this.member(map, pair, depth);
    }
    return map;
  }

  private member(map: LuaTable, pair: Pair, depth: number): void {
    const keyNode = pair.key as Node | null;
    const key = this.value(keyNode, depth + 1);
    if (key instanceof LuaTable) throw new YamlError(`invalid map key: ${textOf(key)}`);
    const value = this.value(pair.value as Node | null, depth + 1);
    if (key === undefined || (typeof key === 'number' && Number.isNaN(key))) return;
    if (this.options.isStrict && rawGet(map, key) !== undefined) this.noteDuplicate(keyNode, key);
    rawSet(map, key, value);
  }

  private noteDuplicate(node: Node | null, key: LuaValue): void {
    const line = this.lines.linePos(node?.range?.[0] ?? 0).line;
    const shown = typeof key === 'string' ? JSON.stringify(key) : textOf(key);
    this.duplicates.push(`line ${line}: key ${shown} already set in map`);
  }

  /** `<<`: the members of a map, or of a list of maps of which the first wins. */
  private merge(map: LuaTable, node: Node | null, depth: number): void {
    const source = isAlias(node) ? this.anchored(node) : node;
    if (isMap(source)) {
      for (const pair of source.items) {
        if (isMergeKey(pair)) this.merge(map, pair.value as Node | null, depth + 1);
        else this.member(map, pair, depth + 1);
      }
    } else if (isSeq(source)) {
      for (const item of [...source.items].reverse()) this.mergeItem(map, item as Node | null, depth);
    } else {
      throw new YamlError('map merge requires map or sequence of maps as the value');
    }
  }

  private mergeItem(map: LuaTable, item: Node | null, depth: number): void {
    const source = isAlias(item) ? this.anchored(item) : item;
    if (!isMap(source)) throw new YamlError('map merge requires map or sequence of maps as the value');
    this.merge(map, source, depth + 1);
  }
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<' && key.tag === undefined;
}

const TAG_PREFIX = 'tag:yaml.org,2002:';

function scalarValue(node: Scalar): LuaValue {
  const text = fromUtf8(String(node.value ?? ''));
  const isPlain = node.type === 'PLAIN' || node.type === undefined;
  const tag = node.tag?.startsWith(TAG_PREFIX) ? node.tag.slice(TAG_PREFIX.length) : node.tag;
  if (tag === undefined) return isPlain ? plainValue(text) : text;
  return taggedValue(tag, text);
}

/** Timestamps stay texts. */
function plainValue(text: string): LuaValue {
  return resolvePlain(text).value;
}

const TAGGED_KINDS: ReadonlySet<string> = new Set<ScalarKind>(['null', 'bool', 'int', 'float']);

function taggedValue(tag: string, text: string): LuaValue {
  if (tag === 'binary') return decodeBinary(text);
  if (tag === 'timestamp') return undefined;
  if (!TAGGED_KINDS.has(tag)) return text;
  const resolved = resolvePlain(text);
  if (!fits(resolved, tag)) throw new YamlError(`cannot decode !!${resolved.kind} \`${text}\` as a !!${tag}`);
  return resolved.value;
}

function fits({ kind }: Resolved, tag: string): boolean {
  return kind === tag || (tag === 'float' && kind === 'int');
}

function decodeBinary(text: string): string {
  const digits = text.replace(/\s/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(digits)) {
    throw new YamlError('!!binary value contains invalid base64 data');
  }
  return fromBuffer(Buffer.from(digits, 'base64'));
}

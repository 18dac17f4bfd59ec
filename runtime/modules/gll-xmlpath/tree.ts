/** Documents of xmlpath: HTML as parse5 reads it, with texts as byte strings. */
import type { DefaultTreeAdapterTypes } from 'parse5';
import { charge, chargeMemory, fromUtf8 } from '../../host/index.ts';

export type NodeKind = 'element' | 'attribute' | 'text' | 'comment';

/** The document itself is an element without a name, above `html`. */
export class XmlNode {
  readonly kind: NodeKind;
  readonly name: string;
  /** Of what is no element. */
  readonly text: string;
  readonly parent: XmlNode | undefined;
  /** Place among the children of the parent. */
  readonly index: number;
  readonly children: XmlNode[] = [];
  readonly attributes: XmlNode[] = [];

  constructor(kind: NodeKind, parent: XmlNode | undefined, { name = '', text = '', index = 0 } = {}) {
    this.kind = kind;
    this.name = name;
    this.text = text;
    this.parent = parent;
    this.index = index;
  }
}

/** Rough size of a node, for the memory budget. */
const BYTES_PER_NODE = 200;

/** The document; the tree may be of any depth. */
export function treeOf(document: DefaultTreeAdapterTypes.Document): XmlNode {
  const root = new XmlNode('element', undefined);
  const open: [DefaultTreeAdapterTypes.ParentNode, XmlNode][] = [[document, root]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [source, parent] = next;
    charge(source.childNodes.length + 1);
    for (const child of source.childNodes) {
      const made = nodeOf(child, parent);
      if (made === undefined) continue;
      parent.children.push(made);
      // What a <template> contains is its content.
      if ('content' in child) open.push([child.content, made]);
      else if ('childNodes' in child) open.push([child, made]);
    }
  }
  return root;
}

function nodeOf(child: DefaultTreeAdapterTypes.ChildNode, parent: XmlNode): XmlNode | undefined {
  chargeMemory(BYTES_PER_NODE);
  const index = parent.children.length;
  if ('tagName' in child) {
    const made = new XmlNode('element', parent, { name: fromUtf8(child.tagName), index });
    for (const { name, value } of child.attrs) {
      made.attributes.push(new XmlNode('attribute', made, { name: fromUtf8(name), text: fromUtf8(value) }));
    }
    return made;
  }
  if ('value' in child) return new XmlNode('text', parent, { text: fromUtf8(child.value), index });
  if ('data' in child) return new XmlNode('comment', parent, { text: fromUtf8(child.data), index });
  return undefined;
}

/** The text of a node and all below it, comments left out. */
export function textOfNode(node: XmlNode): string {
  if (node.kind !== 'element') return node.text;
  let text = '';
  for (const each of descendants(node)) if (each.kind === 'text') text += each.text;
  charge(text.length / 16);
  return text;
}

/** All below the node in the order of the document. */
export function* descendants(node: XmlNode): Generator<XmlNode> {
  const open = [...node.children].reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    charge(1);
    yield next;
    for (let at = next.children.length - 1; at >= 0; at--) open.push(next.children[at]!);
  }
}

/** The nodes that a path leads to. */
import { charge } from '../../host/index.ts';
import type { Axis, Predicate, Step, XmlPath } from './compile.ts';
import { descendants, textOfNode, type XmlNode } from './tree.ts';

/** Each node once, in the order in which it is found. */
export function select(path: XmlPath, from: XmlNode): readonly XmlNode[] {
  let found: readonly XmlNode[] = [path[0]?.fromRoot === true ? rootOf(from) : from];
  for (const step of path) found = [...new Set(found.flatMap((node) => [...matches(step, node)]))];
  return found;
}

function rootOf(node: XmlNode): XmlNode {
  let root = node;
  while (root.parent !== undefined) root = root.parent;
  return root;
}

function* matches(step: Step, context: XmlNode): Generator<XmlNode> {
  let position = 0;
  for (const node of walk(step.axis, context)) {
    charge(1);
    if (step.test !== 'any' && step.test !== node.kind) continue;
    if (step.name !== '*' && step.name !== node.name) continue;
    position += 1;
    if (step.predicate === undefined || holds(step.predicate, node, position)) yield node;
  }
}

function holds(predicate: Predicate, node: XmlNode, position: number): boolean {
  switch (predicate.kind) {
    case 'position':
      return position === predicate.position;
    case 'exists':
      return select(predicate.path, node).length > 0;
    case 'missing':
      return select(predicate.path, node).length === 0;
    case 'equals':
      return select(predicate.path, node).some((each) => textOfNode(each) === predicate.value);
    case 'contains':
      return select(predicate.path, node).some((each) => textOfNode(each).includes(predicate.value));
    case 'all':
      return predicate.of.every((each) => holds(each, node, position));
    case 'some':
      return predicate.of.some((each) => holds(each, node, position));
  }
}

/** Nodes of an axis (XPath 1.0, section 2.2), nearest first. */
function* walk(axis: Axis, node: XmlNode): Generator<XmlNode> {
  switch (axis) {
    case 'child':
      return yield* node.children;
    case 'attribute':
      return yield* node.attributes;
    case 'self':
      return yield node;
    case 'parent':
      return node.parent === undefined ? undefined : yield node.parent;
    case 'descendant':
      return yield* descendants(node);
    case 'descendant-or-self':
      yield node;
      return yield* descendants(node);
    case 'ancestor':
      return yield* ancestors(node);
    case 'ancestor-or-self':
      yield node;
      return yield* ancestors(node);
    case 'following-sibling':
      return yield* siblingsAfter(node);
    case 'preceding-sibling':
      return yield* siblingsBefore(node);
    case 'following':
      return yield* following(node);
    case 'preceding':
      return yield* preceding(node);
  }
}

function* ancestors(node: XmlNode): Generator<XmlNode> {
  for (let each = node.parent; each !== undefined; each = each.parent) yield each;
}

function* siblingsAfter(node: XmlNode): Generator<XmlNode> {
  if (node.kind === 'attribute' || node.parent === undefined) return;
  const { children } = node.parent;
  for (let at = node.index + 1; at < children.length; at++) yield children[at]!;
}

function* siblingsBefore(node: XmlNode): Generator<XmlNode> {
  if (node.kind === 'attribute' || node.parent === undefined) return;
  const { children } = node.parent;
  for (let at = node.index - 1; at >= 0; at--) yield children[at]!;
}

function* following(node: XmlNode): Generator<XmlNode> {
  for (let each: XmlNode | undefined = node; each !== undefined; each = each.parent) {
    for (const sibling of siblingsAfter(each)) {
      yield sibling;
      yield* descendants(sibling);
    }
  }
}

function* preceding(node: XmlNode): Generator<XmlNode> {
  for (let each: XmlNode | undefined = node; each !== undefined; each = each.parent) {
    for (const sibling of siblingsBefore(each)) {
      yield* [...descendants(sibling)].reverse();
      yield sibling;
    }
  }
}
